"""regdocs: builds a registry of Terraform/OpenTofu providers, modules and Pulumi packages from metadata in git."""
