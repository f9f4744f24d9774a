variable "name" {
  description = "What every resource of this environment begins with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "environment" {
  description = "Which environment this is; it decides what may be deleted."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment: one of \"dev\" (may be torn down at once) and \"prod\" (protected against deletion)."
  }
}

variable "emails" {
  description = "Who is told when an alarm goes off, by a name of your choice. Each has to confirm the mail that AWS sends."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails: give at least one address, such as { ops = \"ops@example.com\" }; without it no alarm reaches anybody."
  }
}

variable "network" {
  description = "Addresses, zones, the way out, and which AWS services are reached without it."
  type = object({
    cidr                = optional(string, "10.20.0.0/16")
    zones               = optional(number, 2)
    nat                 = optional(string, "single")
    interface_endpoints = optional(map(object({ private_dns = optional(bool, true) })), {})
  })
  default  = {}
  nullable = false
}

variable "edge" {
  description = "The names under which the platform is reached, and its certificate: an existing one, or a Route 53 zone in which one is made."
  type = object({
    collector_host      = string
    iglu_host           = string
    page_host           = optional(string)
    certificate_arn     = optional(string)
    zone_id             = optional(string)
    access_logs_bucket  = optional(string)
    deletion_protection = optional(bool)
  })
  nullable = false

  validation {
    condition     = alltrue([for host in [var.edge.collector_host, var.edge.iglu_host, coalesce(var.edge.page_host, "page.example.com")] : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", host))])
    error_message = "edge: collector_host, iglu_host and page_host are host names, such as \"collector.example.com\"."
  }
}

variable "streams" {
  description = "How the streams raw, enriched and bad are sized. ON_DEMAND grows by itself; PROVISIONED needs shards."
  type = object({
    mode            = optional(string, "ON_DEMAND")
    shards          = optional(number)
    retention_hours = optional(number, 24)
  })
  default  = {}
  nullable = false
}

variable "lease_tables" {
  description = "Further DynamoDB lease tables beside ours, for consumers that bring their own: { \"enrich\" = { hash_key = \"leaseKey\" } } fits the Kinesis Client Library."
  type        = map(object({ hash_key = string, range_key = optional(string) }))
  default     = {}
  nullable    = false
}

variable "lake" {
  description = "The bucket: its name (made of `name` and the account when null), and after how many days a prefix expires."
  type = object({
    bucket_name = optional(string)
    expire_days = optional(map(number), {})
  })
  default  = {}
  nullable = false
}

variable "databases" {
  description = "Sizes of the two PostgreSQL instances: `iglu` holds schemas, `airflow` metadata."
  type = map(object({
    instance_class   = optional(string, "db.t4g.micro")
    allocated_gib    = optional(number, 20)
    multi_az         = optional(bool, false)
    backup_days      = optional(number, 7)
    password_version = optional(number, 1)
  }))
  default  = { iglu = {}, airflow = {} }
  nullable = false

  validation {
    condition     = toset(keys(var.databases)) == toset(["airflow", "iglu"])
    error_message = "databases: exactly the two keys iglu and airflow, such as { iglu = {}, airflow = { instance_class = \"db.t4g.small\" } }."
  }
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps log lines."
  type        = number
  default     = 30
  nullable    = false
}

variable "thresholds" {
  description = "Thresholds of alarms that differ from the catalogue's."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "create_autoscaling_role" {
  description = "Whether to make Auto Scaling's service-linked role; only in an account that never had a group."
  type        = bool
  default     = false
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "A policy that bounds every role, where the account demands one."
  type        = string
  default     = null
}
