resource "greenhouse_house" "this" {
  name   = var.name
  length = var.size.length
  width  = var.size.width
  tags   = var.tags
}

module "bed" {
  source   = "./modules/bed"
  for_each = var.beds

  house_id = greenhouse_house.this.id
  species  = each.value.species
  rows     = each.value.rows
}

module "drip_line" {
  source = "./modules/drip-line"
  count  = var.watered ? 1 : 0

  house_id = greenhouse_house.this.id
  bed_ids  = [for bed in module.bed : bed.id]
}
