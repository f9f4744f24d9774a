variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "log_group_prefixes" {
  description = "What the names of the log groups begin with that CloudWatch may encrypt with the key."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.log_group_prefixes) > 0 && alltrue([for prefix in var.log_group_prefixes : startswith(prefix, "/")])
    error_message = "log_group_prefixes: paths, such as [\"/snowmelt-dev/\"]."
  }
}

variable "alarm_prefix" {
  description = "What the names of the alarms begin with whose messages CloudWatch may encrypt with the key."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.alarm_prefix) > 0
    error_message = "alarm_prefix: such as \"snowmelt-dev-\"."
  }
}

variable "deletion_window_days" {
  description = "How long a deleted key can be brought back. Without it nothing that it encrypted can be read."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days: between 7 and 30, such as 30."
  }
}

variable "create_autoscaling_role" {
  description = "Whether to make Auto Scaling's service-linked role, which the key's policy names. An account that ever had a group has it."
  type        = bool
  default     = false
  nullable    = false
}
