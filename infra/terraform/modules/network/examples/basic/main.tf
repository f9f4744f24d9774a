# Three zones, a NAT in each, two services reached inside.

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

module "network" {
  source = "../.."

  name                = "snowmelt-example"
  zones               = 3
  nat                 = "per_zone"
  interface_endpoints = { kms = {}, logs = {} }
}

output "private_subnet_ids" {
  description = "As the module gives it."
  value       = module.network.private_subnet_ids
}
