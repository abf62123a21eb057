module "plot" {
  source = "../.."

  name = "herbs"
  beds = {
    basil = "ocimum-basilicum"
  }
}

output "bed_ids" {
  description = "Identifiers of the beds."
  value       = module.plot.bed_ids
}
