variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "database" {
  description = "Name of the database and of its owner: what it is for."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,15}$", var.database))
    error_message = "database: at most 16 lower-case letters and digits, beginning with a letter, such as \"iglu\"."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids: RDS wants subnets in two zones, even for one instance, such as module.network.private_subnet_ids."
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

variable "secret_arn" {
  description = "The Secrets Manager secret that holds the password. It is read back from there, so that the two cannot differ."
  type        = string
  nullable    = false
}

variable "password_version" {
  description = "Raise it together with the secret's version to change the password."
  type        = number
  default     = 1
  nullable    = false
}

variable "instance_class" {
  description = "Size of the machine."
  type        = string
  default     = "db.t4g.micro"
  nullable    = false

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class: such as \"db.t4g.micro\"."
  }
}
