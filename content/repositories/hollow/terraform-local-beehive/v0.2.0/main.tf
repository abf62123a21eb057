terraform {
  required_providers {
    local = {
      source = "hashicorp/local"
    }
  }
}

variable "hive" {
  description = "Name of the hive."
  type        = string
}

variable "frames" {
  description = "Number of frames."
  type        = number
  default     = 12
}

resource "local_file" "card" {
  filename = "${path.root}/${var.hive}.txt"
  content  = "${var.hive}: ${var.frames} frames"
}
