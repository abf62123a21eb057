variable "name" {
  description = "Name of the house."
  type        = string
}

variable "size" {
  description = "Length and width in metres."
  type = object({
    length = number
    width  = number
  })
  default = {
    length = 6
    width  = 3
  }
}

variable "beds" {
  description = "Species by name of the bed."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Labels for the house."
  type        = map(string)
  default     = {}
}
