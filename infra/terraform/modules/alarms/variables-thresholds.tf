variable "thresholds" {
  description = "Thresholds that differ from the usual ones, by name, such as { high_cpu_percent = 90 }. The map `usual` in thresholds.tf has all names and values."
  type        = map(number) # an object would drop a misspelt name without a word
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.thresholds), keys(local.usual))) == 0
    error_message = "thresholds: only the names that the map `usual` in modules/alarms/thresholds.tf has, such as { high_cpu_percent = 90 }."
  }
  validation {
    condition     = alltrue([for value in values(var.thresholds) : coalesce(value, -1) >= 0])
    error_message = "thresholds: a number that is not negative, such as { queue_visible = 1000 }."
  }
  validation {
    condition     = alltrue([for name, value in var.thresholds : coalesce(value, 0) <= 100 if endswith(name, "_percent")])
    error_message = "thresholds: a percentage is between 0 and 100, such as { high_cpu_percent = 80 }."
  }
  validation {
    condition     = try(var.thresholds.kinesis_success_share > 0 && var.thresholds.kinesis_success_share <= 1, true)
    error_message = "thresholds: kinesis_success_share is a share of 1, such as { kinesis_success_share = 0.95 }."
  }
  validation {
    condition     = try(merge(local.usual, var.thresholds).low_cpu_percent < merge(local.usual, var.thresholds).high_cpu_percent, true)
    error_message = "thresholds: low_cpu_percent lies below high_cpu_percent, such as { low_cpu_percent = 3, high_cpu_percent = 80 }."
  }
}
