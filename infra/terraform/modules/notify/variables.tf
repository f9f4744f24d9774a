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

variable "emails" {
  description = "Addresses by a name of your choice."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails: give at least one, such as { ops = \"ops@example.com\" }."
  }
  validation {
    condition     = alltrue([for email in values(var.emails) : can(regex("^[^@,[:space:]]+@[^@,[:space:]]+\\.[^@[:space:]]+$", email))])
    error_message = "emails: each is an address, such as { ops = \"ops@example.com\" }."
  }
  validation {
    condition     = length(distinct(values(var.emails))) == length(var.emails)
    error_message = "emails: an address stands there once, such as { ops = \"ops@example.com\", data = \"data@example.com\" }; a topic knows it once."
  }
}
