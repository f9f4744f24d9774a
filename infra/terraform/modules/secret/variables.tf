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

variable "secrets" {
  description = "The secrets, by short name: what they are for; whether their text is made here and in what form; raise version to change the text."
  type = map(object({
    description = string
    generate    = optional(bool, false)
    form        = optional(string, "password")
    length      = optional(number, 40)
    version     = optional(number, 1)
  }))
  nullable = false

  validation {
    condition     = alltrue([for secret in values(var.secrets) : contains(["password", "uuid", "fernet"], secret.form)])
    error_message = "secrets: form is \"password\" (letters and digits), \"uuid\" or \"fernet\" (32 bytes in base64)."
  }
  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret.length >= 16 && secret.length <= 128])
    error_message = "secrets: length is between 16 and 128, such as { db = { description = \"…\", generate = true, length = 40 } }."
  }
}

variable "values" {
  description = "Texts of the secrets that are not made here, by short name."
  type        = map(string)
  default     = {}
  ephemeral   = true
  nullable    = false

  validation {
    condition     = alltrue([for key, secret in var.secrets : secret.generate || contains(keys(var.values), key)])
    error_message = "values: each secret with generate = false needs its text here, under the secret's own name, such as { token = \"…\" }."
  }
}

variable "recovery_days" {
  description = "How long a deleted secret can be brought back: 7 to 30, or 0 for not at all."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.recovery_days == 0 || (var.recovery_days >= 7 && var.recovery_days <= 30)
    error_message = "recovery_days: 0, or between 7 and 30, such as 30."
  }
}
