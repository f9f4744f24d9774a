variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "cidr" {
  description = "Addresses of the VPC: a /16 to /20, of which each subnet gets a sixteenth."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.cidr)) && try(cidrsubnet(var.cidr, 0, 0) == var.cidr && tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr: a network of /16 to /20, such as \"10.20.0.0/16\"."
  }
}

variable "zones" {
  description = "In how many availability zones."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones: 2 or 3; the load balancer and the databases want two."
  }
}

variable "nat" {
  description = "The way out: \"single\" (cheap), \"per_zone\" (outlives a zone) or \"none\" (only endpoints)."
  type        = string
  default     = "single"
  nullable    = false

  validation {
    condition     = contains(["single", "per_zone", "none"], var.nat)
    error_message = "nat: one of \"single\", \"per_zone\" and \"none\"."
  }
}

variable "interface_endpoints" {
  description = "AWS services that are reached inside the VPC, by short name. Each is billed by zone and hour."
  type        = map(object({ private_dns = optional(bool, true) }))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.interface_endpoints), ["autoscaling", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "kinesis-streams", "kms", "logs", "monitoring", "secretsmanager", "sns", "sqs", "ssm", "ssmmessages", "sts"])) == 0
    error_message = "interface_endpoints: short names of services that this platform talks to, such as { kinesis-streams = {}, kms = {} }."
  }
}
