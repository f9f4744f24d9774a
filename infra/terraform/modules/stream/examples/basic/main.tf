# One stream that grows, one of two shards, and the table of our leases.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "stream" {
  source = "../.."

  name         = "snowmelt-example"
  kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  streams      = { raw = {}, bad = { mode = "PROVISIONED", shards = 2 } }
  lease_tables = { runs = { hash_key = "pk" } }
}

output "stream_names" {
  description = "As the module gives it."
  value       = module.stream.stream_names
}
