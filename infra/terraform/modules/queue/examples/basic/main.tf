# The queue that tells of finished run folders.

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

module "queue" {
  source = "../.."

  name        = "snowmelt-example"
  queue       = "loads"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

output "queue_url" {
  description = "As the module gives it."
  value       = module.queue.queue_url
}
