terraform {
  required_version = ">= 1.5"

  required_providers {
    greenhouse = {
      source  = "fernhill/greenhouse"
      version = ">= 2.0.0-beta.1"
    }
  }
}
