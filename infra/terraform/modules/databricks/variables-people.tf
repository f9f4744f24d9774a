variable "readers" {
  description = "Groups of the workspace whose members may read the schema `derived` and see the dashboard."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for group in var.readers : !contains(["users", "account users", ""], group)])
    error_message = "readers: a group of its own, such as [\"analysts\"]; \"users\" and \"account users\" are everybody."
  }
}

variable "connection" {
  description = "Airflow's connection whose text, with the principal's OAuth secret, is kept in Secrets Manager as <name>/airflow/connections/<connection>."
  type        = string
  default     = "snowmelt_databricks"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.connection))
    error_message = "connection: the id of a connection, such as \"snowmelt_databricks\"."
  }
}

variable "refresh_cron" {
  description = "When the dashboard's notebook is run beside what Airflow asks for, as a Quartz expression in UTC; null: only when asked."
  type        = string
  default     = null

  validation {
    condition     = can(regex("^\\S+( \\S+){5,6}$", coalesce(var.refresh_cron, "0 0 6 * * ?")))
    error_message = "refresh_cron: a Quartz expression of six or seven fields, such as \"0 0 6 * * ?\" for six in the morning."
  }
}

variable "notebook" {
  description = "The dashboard's notebook, a script in the percent format. Null: include/notebooks/dashboard.py of this repository."
  type        = string
  default     = null

  validation {
    condition     = fileexists(coalesce(var.notebook, "${path.module}/../../../../include/notebooks/dashboard.py"))
    error_message = "notebook: the path of a file, such as \"include/notebooks/dashboard.py\"."
  }
}

variable "recovery_days" {
  description = "How long the deleted secret can be brought back: 7 to 30, or 0 for not at all."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.recovery_days == 0 || (var.recovery_days >= 7 && var.recovery_days <= 30)
    error_message = "recovery_days: 0, or between 7 and 30, such as 30."
  }
}

variable "force_destroy" {
  description = "Whether catalog and schemas are deleted with the tables in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "A policy that bounds the role, where the account demands one."
  type        = string
  default     = null
}
