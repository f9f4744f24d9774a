variable "containers" {
  description = <<-TEXT
    What runs, by name: image, command, environment, secrets (name of the variable -> ARN of the secret), commands that run
    to their end before it, memory, and the user and group it runs as (null: the image's own).
  TEXT
  type = map(object({
    image       = string
    command     = optional(list(string), [])
    environment = optional(map(string), {})
    secrets     = optional(map(string), {})
    before      = optional(list(list(string)), [])
    memory_mib  = optional(number)
    user        = optional(string)
  }))
  nullable = false

  validation {
    condition     = length(var.containers) > 0 && alltrue([for key in keys(var.containers) : can(regex("^[a-z][a-z0-9-]*$", key))])
    error_message = "containers: at least one, named in lower-case letters, digits and hyphens, such as { collector = { image = \"snowmelt:0.1.0\" } }."
  }
  validation {
    condition     = alltrue(flatten([for container in values(var.containers) : [for text in concat(values(container.environment), container.command, flatten(container.before)) : !can(regex("[\\r\\n]", text))]]))
    error_message = "containers: neither a command nor a value of the environment may hold a line break; put such a text into files, such as { \"/etc/snowmelt/settings.json\" = { content = \"…\" } }."
  }
  validation {
    condition     = alltrue(flatten([for container in values(var.containers) : [for name in concat(keys(container.environment), keys(container.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))]]))
    error_message = "containers: variables are named in letters, digits and underscores, such as { environment = { SNOWMELT_HOME = \"/data\" } }."
  }
  validation {
    condition     = alltrue(flatten([for container in values(var.containers) : [for arn in values(container.secrets) : can(regex("^arn:[a-z-]+:secretsmanager:", arn))]]))
    error_message = "containers: secrets name the ARN of a secret and never its text, such as { secrets = { PASSWORD = module.secret.arns[\"iglu-db\"] } }."
  }
}

variable "files" {
  description = "Files below /etc/snowmelt, which containers see read-only. Not for secrets: user data can be read by who may describe the machine."
  type        = map(object({ content = string, mode = optional(string, "0644") }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for path in keys(var.files) : can(regex("^/etc/snowmelt/[a-zA-Z0-9._/-]+$", path)) && !strcontains(path, "..")])
    error_message = "files: paths lie below /etc/snowmelt/, such as \"/etc/snowmelt/resolver.json\"."
  }
}

variable "data_volume" {
  description = "A volume that outlives the machine: its size, where it is mounted, and the user and group that own it."
  type = object({
    gib        = optional(number, 20)
    mount      = optional(string, "/data")
    owner      = optional(string, "10001:10001")
    iops       = optional(number, 3000)
    throughput = optional(number, 125)
  })
  default = null

  validation {
    condition     = var.data_volume == null || can(regex("^/[a-z][a-z0-9/-]*$", var.data_volume.mount))
    error_message = "data_volume: mount is an absolute path, such as { gib = 20, mount = \"/data\" }."
  }
}

variable "drain" {
  description = "The folder in which the application keeps what its stream did not take in time. A machine that goes waits until it is empty, at most so many seconds."
  type        = object({ folder = string, patience_seconds = optional(number, 3600) })
  default     = null

  validation {
    condition     = var.drain == null || try(var.drain.patience_seconds >= 300 && var.drain.patience_seconds <= 7200, true)
    error_message = "drain: patience_seconds is between 300 and 7200, such as { folder = \"/data/spill\", patience_seconds = 3600 }."
  }
}
