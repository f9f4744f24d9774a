variable "deletion_protection" {
  description = "Whether the database refuses to be deleted, and leaves a snapshot when it is deleted after all."
  type        = bool
  default     = true
  nullable    = false
}

variable "final_snapshot" {
  description = <<-TEXT
    Name of the snapshot that a deleted database leaves; null: its identifier and "-final". One of that name may be left from
    a former life of the database. RDS then refuses to delete it: name another here, and apply before you destroy.
  TEXT
  type        = string
  default     = null

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", coalesce(var.final_snapshot, "final"))) && length(coalesce(var.final_snapshot, "final")) <= 255
    error_message = "final_snapshot: at most 255 lower-case letters, digits and single hyphens, such as \"snowmelt-prod-iglu-final-2\"."
  }
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

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days: a number of days that CloudWatch offers, such as 14, 30, 90 or 365."
  }
}
