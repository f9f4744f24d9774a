# A catalog in an existing bucket, a small warehouse, and a group that reads.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    databricks = {
      source  = "databricks/databricks"
      version = ">= 1.100, < 2.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "databricks" {
  host = "https://dbc-12345678-90ab.cloud.databricks.com"
}

module "databricks" {
  source = "../.."

  name         = "snowmelt-dev"
  kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  bucket_name  = "acme-snowmelt-lake"
  bucket_arn   = "arn:aws:s3:::acme-snowmelt-lake"
  catalog      = "snowmelt_dev"
  warehouse    = { size = "2X-Small", auto_stop_minutes = 5 }
  readers      = ["analysts"]
  refresh_cron = "0 0 6 * * ?"
}

output "rotate_secret_command" {
  description = "What to run after the first apply."
  value       = module.databricks.rotate_secret_command
}
