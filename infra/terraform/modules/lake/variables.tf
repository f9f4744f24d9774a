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

variable "bucket_name" {
  description = "The bucket's name, unique in the world; null: made of `name`, the account and the region."
  type        = string
  default     = null

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", coalesce(var.bucket_name, "made-up")))
    error_message = "bucket_name: 3 to 63 lower-case letters, digits and hyphens, such as \"acme-snowmelt-lake\"."
  }
}

variable "force_destroy" {
  description = "Whether the bucket is deleted with what is in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "expire_days" {
  description = "After how many days objects below a prefix are deleted, by prefix."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for prefix, days in var.expire_days : length(prefix) > 1 && endswith(prefix, "/") && days >= 1 && floor(days) == days])
    error_message = "expire_days: a prefix that ends in a slash and whole days from 1 on, such as { \"spill/\" = 30 }."
  }
}

variable "old_version_days" {
  description = "How long a version that was overwritten or deleted can be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.old_version_days >= 1 && floor(var.old_version_days) == var.old_version_days
    error_message = "old_version_days: whole days from 1 on, such as 30."
  }
}
