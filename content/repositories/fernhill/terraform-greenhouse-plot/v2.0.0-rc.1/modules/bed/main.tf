resource "greenhouse_bed" "this" {
  house_id = var.house_id
  species  = var.species
  rows     = var.rows
}

resource "greenhouse_sensor" "soil" {
  house_id = var.house_id
  kind     = "soil"
  position = greenhouse_bed.this.id
}

output "id" {
  description = "Identifier of the bed."
  value       = greenhouse_bed.this.id
}
