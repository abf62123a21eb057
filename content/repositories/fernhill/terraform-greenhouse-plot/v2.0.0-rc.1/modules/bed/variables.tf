variable "house_id" {
  description = "The house the bed lies in."
  type        = string
}

variable "species" {
  description = "Botanical name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]*[a-z]$", var.species))
    error_message = "Botanical names are lower-case, with a dash."
  }
}

variable "rows" {
  description = "Number of rows."
  type        = number
  default     = 1
}
