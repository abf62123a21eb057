output "house_id" {
  description = "Identifier of the house."
  value       = greenhouse_house.this.id
}

output "bed_ids" {
  description = "Identifiers of the beds, by name."
  value       = { for name, bed in module.bed : name => bed.id }
}
