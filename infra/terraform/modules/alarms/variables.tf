variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "topic_arn" {
  description = "Where alarms go."
  type        = string
  nullable    = false
}

variable "topic_name" {
  description = "That topic's name, as its metrics call it."
  type        = string
  nullable    = false
}

variable "fallback_topic_arn" {
  description = "Where the alarm on the first topic goes, which cannot report its own failure."
  type        = string
  nullable    = false
}

variable "fallback_topic_name" {
  description = "The second topic's name."
  type        = string
  nullable    = false
}

variable "log_groups" {
  description = "Names of log groups, by stage. In each a line with the bare word ERROR is counted."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "autoscaling_groups" {
  description = "Names of auto scaling groups, by stage."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "streams" {
  description = "Streams, by short name."
  type        = map(object({ name = string, retention_hours = number, consumed = optional(bool, true) }))
  default     = {}
  nullable    = false
}

variable "queues" {
  description = "Queues with their dead letters, by short name, and how often they are emptied."
  type        = map(object({ name = string, dead_letter_name = string, load_interval_seconds = number }))
  default     = {}
  nullable    = false
}

variable "buckets" {
  description = "Buckets, by short name, with the filter of their request metrics."
  type        = map(object({ name = string, filter_id = string }))
  default     = {}
  nullable    = false
}

variable "databases" {
  description = "RDS instances, by short name."
  type        = map(object({ identifier = string, allocated_gib = number, max_connections = number }))
  default     = {}
  nullable    = false
}

variable "load_balancer" {
  description = "The load balancer and its target groups, by stage, each as the suffix of its ARN."
  type        = object({ arn_suffix = string, target_groups = map(string) })
  default     = null
}

variable "spills" {
  description = "Stages that keep what their stream did not take in time, and how long it may wait."
  type        = map(object({ max_age_seconds = number }))
  default     = {}
  nullable    = false
}
