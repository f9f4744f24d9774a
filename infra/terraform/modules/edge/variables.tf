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

variable "public_subnet_ids" {
  description = "Public subnets in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "public_subnet_ids: a load balancer wants two zones, such as module.network.public_subnet_ids."
  }
}

variable "services" {
  description = "What is behind it, by stage: host name, priority of its rule, health page."
  type        = map(object({ host = string, priority = number, health_path = string }))
  nullable    = false

  validation {
    condition     = alltrue([for service in values(var.services) : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", service.host))])
    error_message = "services: host is a host name, such as { collector = { host = \"collector.example.com\", priority = 10, health_path = \"/health\" } }."
  }
  validation {
    condition     = length(var.services) > 0 && alltrue([for service in values(var.services) : service.priority >= 1 && service.priority <= 50000 && startswith(service.health_path, "/")])
    error_message = "services: at least one, its priority between 1 and 50000, its health_path a path, such as { collector = { host = \"collector.example.com\", priority = 10, health_path = \"/health\" } }."
  }
  validation {
    condition     = length(distinct([for service in values(var.services) : service.priority])) == length(var.services)
    error_message = "services: each has a priority of its own, such as 10, 20, 30."
  }
  validation {
    condition     = length(distinct([for service in values(var.services) : service.host])) == length(var.services)
    error_message = "services: each has a host of its own, such as \"collector.example.com\" and \"iglu.example.com\"."
  }
  validation {
    condition     = alltrue([for key in keys(var.services) : length("${var.name}-${key}") <= 32])
    error_message = "services: name and key together have at most 32 characters, such as \"snowmelt-dev\" and \"collector\"."
  }
}

variable "certificate_arn" {
  description = "An ACM certificate for the hosts. Null: one is made in zone_id."
  type        = string
  default     = null

  validation {
    condition     = (var.certificate_arn == null) != (var.zone_id == null)
    error_message = "certificate_arn: name either it or zone_id, such as certificate_arn = \"arn:aws:acm:eu-west-1:123456789012:certificate/…\"."
  }
}

variable "zone_id" {
  description = "A Route 53 zone, in which a certificate is validated and the hosts get their records. Null: certificate_arn is given, and records are made elsewhere."
  type        = string
  default     = null
}

variable "ssl_policy" {
  description = "The load balancer's TLS policy."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  nullable    = false

  validation {
    condition     = startswith(var.ssl_policy, "ELBSecurityPolicy-TLS13-1-2") || startswith(var.ssl_policy, "ELBSecurityPolicy-TLS13-1-3")
    error_message = "ssl_policy: one with TLS 1.3 and nothing below 1.2, such as \"ELBSecurityPolicy-TLS13-1-2-2021-06\"."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "access_logs_bucket" {
  description = "A bucket for access logs; AWS writes them there with S3's own key, the one thing that no key of ours can encrypt. Null: none."
  type        = string
  default     = null
}
