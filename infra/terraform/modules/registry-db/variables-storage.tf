variable "allocated_gib" {
  description = "Storage at the start, in GiB."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_gib >= 20
    error_message = "allocated_gib: at least 20, the least that gp3 comes in."
  }
}

variable "max_allocated_gib" {
  description = "How far storage may grow by itself, in GiB."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.max_allocated_gib > var.allocated_gib
    error_message = "max_allocated_gib: more than allocated_gib, such as 100."
  }
}

variable "engine_version" {
  description = "Major version of PostgreSQL; minor ones are installed by AWS."
  type        = string
  default     = "17"
  nullable    = false

  validation {
    condition     = can(regex("^1[4-9]$", var.engine_version))
    error_message = "engine_version: a major version, such as \"17\"."
  }
}

variable "max_connections" {
  description = "Connections the server takes; the alarm is a share of it."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.max_connections >= 20 && var.max_connections <= 5000
    error_message = "max_connections: between 20 and 5000, such as 100."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted, and leaves a snapshot when it is deleted after all."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup_days" {
  description = "How long daily backups are kept; any moment since can be restored."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days: between 1 and 35, such as 7; 0 would switch backups off."
  }
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the server's log."
  type        = number
  default     = 30
  nullable    = false
}
