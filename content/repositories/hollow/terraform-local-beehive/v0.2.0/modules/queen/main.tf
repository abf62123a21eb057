variable "born" {
  description = "Year in which the queen was born."
  type        = number
}

output "color" {
  description = "Color that she is marked with, by the last digit of the year."
  value       = ["blue", "white", "yellow", "red", "green"][var.born % 5]
}
