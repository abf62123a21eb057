resource "greenhouse_house" "this" {
  name   = var.name
  length = var.size.length
  width  = var.size.width
  tags   = var.tags
}

resource "greenhouse_bed" "this" {
  for_each = var.beds

  house_id = greenhouse_house.this.id
  species  = each.value
}
