# Prometheus, with a copy of its samples in a workspace.

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

module "metrics" {
  source = "../.."

  name         = "snowmelt-example"
  vpc_id       = "vpc-0123456789abcdef0"
  subnet_ids   = ["subnet-0123456789abcdef0"]
  kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  image        = "prom/prometheus:v3.5.0"
  remote_write = { url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-01234567/api/v1/remote_write", workspace_arn = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-01234567" }
}

output "port_forward_command" {
  description = "As the module gives it."
  value       = module.metrics.port_forward_command
}
