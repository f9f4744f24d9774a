variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "queue" {
  description = "The queue's short name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.queue))
    error_message = "queue: at most 31 lower-case letters, digits and hyphens, such as \"loads\"."
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

variable "max_receives" {
  description = "How often a message is handed out before it goes to the dead letters."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.max_receives >= 1 && var.max_receives <= 1000
    error_message = "max_receives: between 1 and 1000, such as 3."
  }
}

variable "visibility_seconds" {
  description = "How long a message that was handed out stays hidden: longer than what is done with it takes."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.visibility_seconds >= 30 && var.visibility_seconds <= 43200
    error_message = "visibility_seconds: between 30 and 43200, such as 900."
  }
}

variable "retention_days" {
  description = "How long a message waits to be handed out."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 14
    error_message = "retention_days: between 1 and 14, such as 14."
  }
}

variable "key_reuse_seconds" {
  description = "How long SQS uses a data key before it asks KMS for another."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.key_reuse_seconds >= 60 && var.key_reuse_seconds <= 86400
    error_message = "key_reuse_seconds: between 60 and 86400, such as 300."
  }
}
