# The registry's database, and the secret its password comes from.

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

module "secret" {
  source = "../../../secret"

  name        = "snowmelt-example"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  secrets     = { iglu-db = { description = "Password of the registry's database.", generate = true } }
}

module "registry_db" {
  source = "../.."

  name        = "snowmelt-example"
  database    = "iglu"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  secret_arn  = module.secret.arns["iglu-db"]
}

output "address" {
  description = "As the module gives it."
  value       = module.registry_db.address
}
