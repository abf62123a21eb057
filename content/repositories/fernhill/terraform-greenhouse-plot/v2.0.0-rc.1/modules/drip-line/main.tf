variable "house_id" {
  description = "The house the line hangs in."
  type        = string
}

variable "bed_ids" {
  description = "The beds it waters."
  type        = list(string)
}

variable "threshold_percent" {
  description = "Soil moisture below which water runs."
  type        = number
  default     = 30
}

resource "greenhouse_irrigation_zone" "this" {
  house_id          = var.house_id
  bed_ids           = var.bed_ids
  threshold_percent = var.threshold_percent

  window {
    from = "05:30"
    to   = "07:00"
  }
}

output "id" {
  description = "Identifier of the zone."
  value       = greenhouse_irrigation_zone.this.id
}
