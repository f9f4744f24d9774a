variable "allocated_gib" {
  description = "Storage at the start, in GiB."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_gib >= 20
    error_message = "allocated_gib: at least 20, the least that gp3 comes in, such as 20."
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

variable "allow_major_upgrade" {
  description = "Whether a higher engine_version may be installed. It stops the database for minutes, and there is no way back but a snapshot."
  type        = bool
  default     = false
  nullable    = false
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
