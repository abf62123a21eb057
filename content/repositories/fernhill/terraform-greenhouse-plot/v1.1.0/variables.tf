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
  description = "Beds by name."
  type = map(object({
    species = string
    rows    = optional(number, 1)
  }))
  default = {}
}

variable "watered" {
  description = "Whether a drip line runs through all beds."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Labels for the house."
  type        = map(string)
  default     = {}
}
