# A password that is made, and a token that comes from outside: TF_VAR_token.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.7, < 4.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "token" {
  description = "The token."
  type        = string
  default     = "example-of-a-token"
  ephemeral   = true
}

module "secret" {
  source = "../.."

  name          = "snowmelt-example"
  kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  secrets       = { db = { description = "A database.", generate = true }, token = { description = "Of another." } }
  values        = { token = var.token }
  recovery_days = 0
}

output "names" {
  description = "As the module gives it."
  value       = module.secret.names
}
