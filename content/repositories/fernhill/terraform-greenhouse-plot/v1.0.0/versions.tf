terraform {
  required_version = ">= 1.5"

  required_providers {
    greenhouse = {
      source  = "fernhill/greenhouse"
      version = ">= 1.1"
    }
  }
}
