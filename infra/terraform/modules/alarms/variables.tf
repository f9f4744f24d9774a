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

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.topic_arn))
    error_message = "topic_arn: the ARN of a topic, such as module.notify.topic_arn."
  }
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

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.fallback_topic_arn))
    error_message = "fallback_topic_arn: the ARN of a topic, such as module.notify.fallback_topic_arn."
  }
}

variable "fallback_topic_name" {
  description = "The second topic's name."
  type        = string
  nullable    = false

  validation {
    condition     = var.fallback_topic_name != var.topic_name
    error_message = "fallback_topic_name: another topic than topic_name, such as \"snowmelt-dev-fallback\": one that fails cannot say so itself."
  }
}
