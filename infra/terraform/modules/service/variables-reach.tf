variable "front" {
  description = "Nginx before the application: the site's name, its health page, where the application listens, limits as the application's own, and whether / is a console of ours. Null: none."
  type = object({
    site             = string
    health           = optional(string, "/health")
    upstream         = optional(string, "0.0.0.0:8080")
    console          = optional(bool, true)
    body_limit       = optional(number, 2097152)
    header_buffers   = optional(string, "3 34816")
    read_timeout     = optional(number, 30)
    idle_timeout     = optional(number, 610)
    upstream_timeout = optional(number, 60)
    certificate_days = optional(number, 825)
  })
  default = null

  validation {
    condition     = var.front == null || can(regex("^(collector|iglu)$", var.front.site)) || !try(var.front.console, false)
    error_message = "front: collector and iglu have a console; for another site say console = false, such as { site = \"page\", console = false }."
  }
  validation {
    condition     = var.front == null || startswith(try(var.front.health, "/"), "/")
    error_message = "front: health is a path, such as \"/health\"."
  }
}

variable "edge" {
  description = "The load balancer this service is reached through: its security group, and the service's target group. Null: not reached from outside."
  type        = object({ security_group_id = string, target_group_arn = string })
  default     = null

  validation {
    condition     = var.edge == null || var.front != null
    error_message = "edge: the load balancer speaks TLS with Nginx, so a service behind it needs front as well, such as { site = \"collector\" }."
  }
}

variable "scraped_by" {
  description = "Security group of the Prometheus that scrapes port 8125 here. Null: not scraped."
  type        = object({ security_group_id = string })
  default     = null
}

variable "database" {
  description = "A database this service uses: its security group and port."
  type        = object({ security_group_id = string, port = number })
  default     = null
}

variable "permissions" {
  description = "What the stage may do with AWS, by statement id: actions on ARNs, and conditions."
  type = map(object({
    actions    = list(string)
    resources  = list(string)
    conditions = optional(list(object({ test = string, variable = string, values = list(string) })), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue(flatten([for statement in values(var.permissions) : [for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z]+$", action))]]))
    error_message = "permissions: actions are written out, without wildcards, such as \"kinesis:PutRecords\"."
  }
}

variable "kms_via" {
  description = "What the stage may do with the key, by statement id: only through these services, and only for what the encryption context names."
  type = map(object({
    actions  = list(string)
    services = list(string)
    context  = optional(map(list(string)), {})
  }))
  default  = {}
  nullable = false
}

variable "permissions_boundary_arn" {
  description = "A policy that bounds the role, where the account demands one."
  type        = string
  default     = null
}
