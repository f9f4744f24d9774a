variable "thresholds" {
  description = "What an alarm tolerates. Shares are of 1, percentages of 100."
  type = object({
    high_cpu_percent        = optional(number, 80)
    low_cpu_percent         = optional(number, 3)
    kinesis_success_share   = optional(number, 0.95)
    failed_records_percent  = optional(number, 1)
    iterator_age_seconds    = optional(number, 300)
    queue_visible           = optional(number, 1000)
    queue_in_flight         = optional(number, 18000) # 90 % of what a FIFO queue hands out at once
    s3_client_error_percent = optional(number, 5)
    s3_server_error_percent = optional(number, 1)
    db_cpu_percent          = optional(number, 80)
    db_free_storage_percent = optional(number, 10)
    db_free_memory_mib      = optional(number, 128)
    db_connections_percent  = optional(number, 80)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, value in var.thresholds : value >= 0 && value <= 100 if endswith(name, "_percent")])
    error_message = "thresholds: a percentage is between 0 and 100, such as { high_cpu_percent = 80 }."
  }
  validation {
    condition     = var.thresholds.kinesis_success_share > 0 && var.thresholds.kinesis_success_share <= 1
    error_message = "thresholds: kinesis_success_share is a share of 1, such as 0.95."
  }
  validation {
    condition     = var.thresholds.low_cpu_percent < var.thresholds.high_cpu_percent
    error_message = "thresholds: low_cpu_percent lies below high_cpu_percent, such as { low_cpu_percent = 3, high_cpu_percent = 80 }."
  }
}
