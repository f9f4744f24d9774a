variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
  nullable    = false
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

variable "image" {
  description = "snowmelt's image, with its tag: it holds dags/, plugins/, dbt/ and include/."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("[:@][a-zA-Z0-9._:-]+$", var.image))
    error_message = "image: with its tag or digest, such as \"123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0\"."
  }
}

variable "instance_type" {
  description = "The machine."
  type        = string
  default     = "t4g.large"
  nullable    = false
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the log."
  type        = number
  default     = 30
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "A policy that bounds the role, where the account demands one."
  type        = string
  default     = null
}

variable "database" {
  description = "Its metadata's PostgreSQL, and the secret that holds the password."
  type = object({
    address             = string
    port                = number
    name                = string
    username            = string
    security_group_id   = string
    password_secret_arn = string
  })
  nullable = false
}

variable "keys" {
  description = "ARNs of the secrets that hold Airflow's own keys: fernet for connections, api for sessions, jwt for what its parts tell each other."
  type        = object({ fernet = string, api = string, jwt = string })
  nullable    = false
}

variable "environment" {
  description = "Further variables of its parts, which win over those set here."
  type        = map(string)
  default     = {}
  nullable    = false
}
