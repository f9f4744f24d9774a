variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "kms_key_arn" {
  description = "The customer managed key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn: the key's ARN, such as \"arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef\"."
  }
}

variable "streams" {
  description = "The streams, by short name. ON_DEMAND grows by itself; PROVISIONED has as many shards as it is given."
  type = map(object({
    mode            = optional(string, "ON_DEMAND")
    shards          = optional(number)
    retention_hours = optional(number, 24)
  }))
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.streams) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "streams: short names of lower-case letters, digits and hyphens, such as { raw = {} }."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : contains(["ON_DEMAND", "PROVISIONED"], stream.mode)])
    error_message = "streams: mode is \"ON_DEMAND\" or \"PROVISIONED\"."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : (stream.mode == "PROVISIONED") == (stream.shards != null)])
    error_message = "streams: shards goes with mode PROVISIONED and with no other, such as { raw = { mode = \"PROVISIONED\", shards = 2 } }."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : stream.shards == null || try(stream.shards >= 1 && floor(stream.shards) == stream.shards, false)])
    error_message = "streams: shards is a whole number from 1 on, such as { raw = { mode = \"PROVISIONED\", shards = 2 } }."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : stream.retention_hours >= 24 && stream.retention_hours <= 8760])
    error_message = "streams: retention_hours is between 24 and 8760, such as { raw = { retention_hours = 168 } }."
  }
}

variable "max_record_kib" {
  description = "Largest record, in KiB: 1024 to 10240. A frame of many payloads stays below 1024."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.max_record_kib >= 1024 && var.max_record_kib <= 10240
    error_message = "max_record_kib: between 1024 and 10240, such as 2048."
  }
}

variable "lease_tables" {
  description = "DynamoDB tables for consumers, by short name, with the names of their string keys."
  type        = map(object({ hash_key = string, range_key = optional(string) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.lease_tables) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "lease_tables: short names of lower-case letters, digits and hyphens, such as { runs = { hash_key = \"pk\" } }."
  }
  validation {
    condition     = alltrue([for table in values(var.lease_tables) : length(table.hash_key) > 0 && try(length(table.range_key) > 0, true)])
    error_message = "lease_tables: hash_key and range_key are names of attributes, such as { runs = { hash_key = \"pk\" } }."
  }
  validation {
    condition     = alltrue([for table in values(var.lease_tables) : table.hash_key != coalesce(table.range_key, " ")])
    error_message = "lease_tables: hash_key and range_key are two attributes, such as { runs = { hash_key = \"pk\", range_key = \"sk\" } }."
  }
}

variable "deletion_protection" {
  description = "Whether the tables refuse to be deleted."
  type        = bool
  default     = false
  nullable    = false
}
