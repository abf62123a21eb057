module "hive" {
  source = "../.."

  hive   = "windowsill"
  frames = 3
}
