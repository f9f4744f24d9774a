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
  description = "Prometheus' image, with its tag."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("[:@][a-zA-Z0-9._:-]+$", var.image))
    error_message = "image: with its tag or digest, such as \"prom/prometheus:v3.5.0\"."
  }
}

variable "instance_type" {
  description = "The machine."
  type        = string
  default     = "t4g.small"
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

variable "retention" {
  description = "How long samples are kept."
  type        = string
  default     = "30d"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]*[hdwy]$", var.retention))
    error_message = "retention: a number with h, d, w or y, such as \"30d\"."
  }
}

variable "volume_gib" {
  description = "Size of the volume on which the samples lie."
  type        = number
  default     = 20
  nullable    = false
}

variable "remote_write" {
  description = "A workspace of Amazon Managed Service for Prometheus that gets a copy: the address it is written to, and its ARN. Null: none."
  type        = object({ url = string, workspace_arn = string })
  default     = null

  validation {
    condition     = var.remote_write == null || can(regex("^https://", var.remote_write.url))
    error_message = "remote_write: url is an https address, such as { url = \"https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-…/api/v1/remote_write\", workspace_arn = \"arn:aws:aps:…\" }."
  }
}
