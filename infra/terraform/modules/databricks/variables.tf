variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "name: at most 20 lower-case letters, digits and hyphens, beginning with a letter, such as \"snowmelt-dev\"."
  }
}

variable "kms_key_arn" {
  description = "The customer managed key, which the lake is encrypted with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn: the key's ARN, such as \"arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef\"."
  }
}

variable "bucket_name" {
  description = "The lake's bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name: 3 to 63 lower-case letters, digits and hyphens, such as \"acme-snowmelt-lake\"; Unity Catalog takes no dots."
  }
}

variable "bucket_arn" {
  description = "ARN of the lake's bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[^/*]+$", var.bucket_arn))
    error_message = "bucket_arn: the bucket's ARN, such as \"arn:aws:s3:::acme-snowmelt-lake\"."
  }
}

variable "prefixes" {
  description = "Where in the bucket run folders lie, which are only read, and where the catalog keeps its tables. Neither lies in the other: Unity Catalog refuses it."
  type        = object({ runs = optional(string, "runs/"), catalog = optional(string, "catalog/") })
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for prefix in values(var.prefixes) : can(regex("^([A-Za-z0-9_-]+/)+$", prefix))])
    error_message = "prefixes: each is a path that ends in a slash, such as { runs = \"runs/\", catalog = \"catalog/\" }."
  }
  validation {
    condition     = !startswith(var.prefixes.runs, var.prefixes.catalog) && !startswith(var.prefixes.catalog, var.prefixes.runs)
    error_message = "prefixes: runs and catalog do not contain each other, such as { runs = \"runs/\", catalog = \"catalog/\" }."
  }
}

variable "catalog" {
  description = "Name of the catalog. A metastore has each name once, and every workspace of a region shares one: two environments there need two names."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.catalog))
    error_message = "catalog: lower-case letters, digits and underscores, beginning with a letter, such as \"snowmelt_dev\"."
  }
  validation {
    condition     = !contains(["hive_metastore", "main", "samples", "system"], var.catalog)
    error_message = "catalog: hive_metastore, main, samples and system are taken; give one of our own, such as \"snowmelt\"."
  }
}

variable "schemas" {
  description = "Schemas of the catalog, with what is in each. People read `derived`."
  type        = map(string)
  default = {
    atomic  = "Events and bad rows as they were loaded, and the manifest of loads."
    derived = "What dbt makes of released runs; people read the tables here."
    quality = "The books of each run, and why events were refused."
  }
  nullable = false

  validation {
    condition     = contains(keys(var.schemas), "derived") && contains(keys(var.schemas), "atomic")
    error_message = "schemas: atomic and derived are among them, such as { atomic = \"…\", derived = \"…\", quality = \"…\" }."
  }
  validation {
    condition     = alltrue([for schema in keys(var.schemas) : can(regex("^[a-z][a-z0-9_]*$", schema))])
    error_message = "schemas: each name is lower-case letters, digits and underscores, such as \"derived\"."
  }
}

variable "warehouse" {
  description = "The serverless SQL warehouse: its size, how long it stays awake with nothing to do, and up to how many clusters it grows."
  type = object({
    size              = optional(string, "2X-Small")
    auto_stop_minutes = optional(number, 5)
    max_clusters      = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large"], var.warehouse.size)
    error_message = "warehouse: size is one of Databricks' own, from \"2X-Small\" and \"X-Small\" to \"4X-Large\"."
  }
  validation {
    condition     = var.warehouse.auto_stop_minutes >= 1 && var.warehouse.auto_stop_minutes <= 60
    error_message = "warehouse: auto_stop_minutes is between 1 and 60, such as 5; 0 would leave it running, and paid for, for ever."
  }
  validation {
    condition     = var.warehouse.max_clusters >= 1 && var.warehouse.max_clusters <= 40
    error_message = "warehouse: max_clusters is between 1 and 40, such as 1."
  }
}
