module "plot" {
  source = "../.."

  name = "herbs"
  beds = {
    basil = { species = "ocimum-basilicum", rows = 2 }
  }
}

output "bed_ids" {
  description = "Identifiers of the beds."
  value       = module.plot.bed_ids
}
