module "plot" {
  source   = "../.."
  for_each = {
    tomatoes  = "solanum-lycopersicum"
    cucumbers = "cucumis-sativus"
  }

  name    = each.key
  watered = each.key == "cucumbers"
  beds = {
    all = { species = each.value, rows = 4 }
  }
}
