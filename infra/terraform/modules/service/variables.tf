variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "stage" {
  description = "The stage: collector, iglu, page, enrich, airflow or prometheus."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,10}$", var.stage))
    error_message = "stage: at most 11 lower-case letters, digits and hyphens, such as \"collector\"."
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

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids: at least one, such as module.network.private_subnet_ids."
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

variable "instance" {
  description = "The machine: its type, an image (null: the newest Amazon Linux 2023) and the size of its root volume."
  type = object({
    type     = optional(string, "t4g.small")
    ami_id   = optional(string)
    root_gib = optional(number, 20)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9]+$", var.instance.type))
    error_message = "instance: type is an instance type, such as { type = \"t4g.small\" }."
  }
}

variable "capacity" {
  description = "How many machines: at least, at most, and at the start."
  type        = object({ min = number, max = number, desired = number })
  default     = { min = 1, max = 2, desired = 1 }
  nullable    = false

  validation {
    condition     = var.capacity.min >= 0 && var.capacity.min <= var.capacity.desired && var.capacity.desired <= var.capacity.max
    error_message = "capacity: min <= desired <= max, such as { min = 1, max = 2, desired = 1 }."
  }
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the log."
  type        = number
  default     = 30
  nullable    = false
}
