variable "stages" {
  description = <<-TEXT
    The applications, by stage: collector, iglu, enrich, airflow, prometheus and, where edge.page_host is named, page.
    Any image that speaks the stage's formats fits. Values of `environment` and `files` may name what Terraform made:
    $${region}, $${raw}, $${enriched}, $${bad}, $${leases}, $${lake}, $${loads}, $${iglu_url}, $${database_host} and its kin
    (the map `places` in 05-places.tf holds all of them).
  TEXT
  type = map(object({
    image         = string
    command       = optional(list(string))
    environment   = optional(map(string))
    files         = optional(map(string), {})
    instance_type = optional(string, "t4g.small")
    min           = optional(number, 1)
    max           = optional(number, 2)
    memory_mib    = optional(number)
  }))
  nullable = false

  validation {
    condition     = length(setsubtract(["collector", "iglu", "enrich", "airflow", "prometheus"], keys(var.stages))) == 0
    error_message = "stages: each of collector, iglu, enrich, airflow and prometheus needs an image, such as { collector = { image = \"123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0\" }, … }."
  }
  validation {
    condition     = length(setsubtract(keys(var.stages), ["collector", "iglu", "page", "enrich", "airflow", "prometheus"])) == 0
    error_message = "stages: the known ones are collector, iglu, page, enrich, airflow and prometheus."
  }
  validation {
    condition     = alltrue([for stage in values(var.stages) : can(regex("^[a-z0-9./_:@-]*[a-z0-9]+[:@][a-zA-Z0-9._:-]+$", stage.image))])
    error_message = "stages: an image is named with its tag or digest, such as \"snowmelt:0.1.0\"; without one a restart could bring another version."
  }
  validation {
    condition     = alltrue([for stage in values(var.stages) : stage.min >= 1 && stage.max >= stage.min])
    error_message = "stages: min is at least 1 and max at least min, such as { min = 1, max = 2 }."
  }
}

variable "collector_volume" {
  description = "The collector's data volume, where it keeps what its stream did not take in time. GiB, and how long a spill may wait before the alarm, in seconds."
  type = object({
    gib                    = optional(number, 20)
    max_spill_age_seconds  = optional(number, 60)
    drain_patience_seconds = optional(number, 3600)
  })
  default  = {}
  nullable = false
}

variable "secret_values" {
  description = "Secrets that come from outside, by name. Never stored in plan or state; hand them over as TF_VAR_secret_values."
  type        = map(string)
  default     = {}
  ephemeral   = true
  nullable    = false
}

variable "databricks" {
  description = "The Databricks side: the catalog's name (made of `name` when null), the warehouse, and the groups that may read. Null leaves all of it out."
  type = object({
    catalog   = optional(string)
    warehouse = optional(object({ size = optional(string, "2X-Small"), auto_stop_minutes = optional(number, 5) }), {})
    readers   = optional(set(string), [])
  })
  default = null
}

variable "remote_write" {
  description = "A workspace of Amazon Managed Service for Prometheus that gets a copy of all samples; null: none."
  type        = object({ url = string, workspace_arn = string })
  default     = null
}
