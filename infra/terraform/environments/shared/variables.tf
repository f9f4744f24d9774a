variable "region" {
  description = "AWS region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: such as \"eu-west-1\"."
  }
}

variable "account_id" {
  description = "The AWS account this environment lives in; an apply with another account's credentials stops."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: twelve digits, such as \"123456789012\"."
  }
}

variable "domain" {
  description = "The domain below which the host names lie: collector.<domain>, iglu.<domain>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain: a domain name, such as \"events.example.com\"."
  }
}

variable "zone_id" {
  description = "The Route 53 zone of that domain, in which certificate and host records are made. Null: name certificate_arn."
  type        = string
  default     = null
}

variable "certificate_arn" {
  description = "An ACM certificate for the host names, where the domain is not in Route 53."
  type        = string
  default     = null
}

variable "emails" {
  description = "Who is told when an alarm goes off, by a name of your choice."
  type        = map(string)
  nullable    = false
}

variable "image" {
  description = "snowmelt's image, with its tag or digest."
  type        = string
  nullable    = false
}

variable "stages" {
  description = "Stages that differ from snowmelt's own image: { collector = { image = \"…\", command = [\"…\"] } }. See modules/platform."
  type        = any
  default     = {}
  nullable    = false
}

variable "secret_values" {
  description = "Secrets that come from outside; hand them over as TF_VAR_secret_values."
  type        = map(string)
  default     = {}
  ephemeral   = true
  nullable    = false
}

variable "databricks_host" {
  description = "Address of the Databricks workspace, such as \"https://dbc-1234.cloud.databricks.com\"; null: no Databricks."
  type        = string
  default     = null
}
