variable "log_groups" {
  description = "Names of log groups, by stage. In each a line with the bare word ERROR is counted."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.log_groups) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "log_groups: short names of lower-case letters, digits and hyphens, such as { collector = \"/snowmelt-dev/collector\" }."
  }
}

variable "autoscaling_groups" {
  description = "Names of auto scaling groups, by stage."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.autoscaling_groups) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "autoscaling_groups: short names of lower-case letters, digits and hyphens, such as { collector = \"snowmelt-dev-collector\" }."
  }
}

variable "streams" {
  description = "Streams, by short name: whether anybody reads them, and whether a reader is there at all times, so that no sign of one is an alarm."
  type        = map(object({ name = string, retention_hours = number, consumed = optional(bool, true), always_read = optional(bool, false) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.streams) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "streams: short names of lower-case letters, digits and hyphens, such as { raw = { name = \"snowmelt-dev-raw\", retention_hours = 24 } }."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : stream.retention_hours >= 24 && stream.retention_hours <= 8760])
    error_message = "streams: retention_hours is between 24 and 8760, such as { raw = { name = \"snowmelt-dev-raw\", retention_hours = 24 } }."
  }
  validation {
    condition     = alltrue([for stream in values(var.streams) : stream.consumed || !stream.always_read])
    error_message = "streams: one that is always_read is consumed, such as { raw = { name = \"snowmelt-dev-raw\", retention_hours = 24, always_read = true } }."
  }
}

variable "queues" {
  description = "Queues with their dead letters, by short name, and how often they are emptied."
  type        = map(object({ name = string, dead_letter_name = string, load_interval_seconds = number }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.queues) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "queues: short names of lower-case letters, digits and hyphens, such as { loads = { name = module.loads.queue_name, … } }."
  }
  validation {
    condition     = alltrue([for queue in values(var.queues) : queue.load_interval_seconds > 0])
    error_message = "queues: load_interval_seconds is more than 0, such as { loads = { load_interval_seconds = 900, … } }."
  }
}

variable "buckets" {
  description = "Buckets, by short name, with the filter of their request metrics."
  type        = map(object({ name = string, filter_id = string }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.buckets) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "buckets: short names of lower-case letters, digits and hyphens, such as { lake = { name = module.lake.bucket_name, … } }."
  }
}

variable "databases" {
  description = "RDS instances, by short name."
  type        = map(object({ identifier = string, allocated_gib = number, max_connections = number }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.databases) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "databases: short names of lower-case letters, digits and hyphens, such as { iglu = { identifier = \"snowmelt-dev-iglu\", … } }."
  }
  validation {
    condition     = alltrue([for database in values(var.databases) : database.allocated_gib > 0 && database.max_connections > 0])
    error_message = "databases: allocated_gib and max_connections are more than 0, such as { iglu = { identifier = \"snowmelt-dev-iglu\", allocated_gib = 20, max_connections = 100 } }."
  }
}

variable "load_balancer" {
  description = "The load balancer and its target groups, by stage, each as the suffix of its ARN."
  type        = object({ arn_suffix = string, target_groups = map(string) })
  default     = null

  validation {
    condition     = alltrue([for key in keys(try(var.load_balancer.target_groups, {})) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "load_balancer: short names of lower-case letters, digits and hyphens, such as { arn_suffix = \"app/…\", target_groups = { collector = \"targetgroup/…\" } }."
  }
}

variable "spills" {
  description = "Stages that keep what their stream did not take in time, and how long it may wait."
  type        = map(object({ max_age_seconds = number }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.spills) : can(regex("^[a-z][a-z0-9-]{0,62}$", key))])
    error_message = "spills: short names of lower-case letters, digits and hyphens, such as { collector = { max_age_seconds = 60 } }."
  }
  validation {
    condition     = alltrue([for spill in values(var.spills) : spill.max_age_seconds > 0])
    error_message = "spills: max_age_seconds is more than 0, such as { collector = { max_age_seconds = 60 } }."
  }
}
