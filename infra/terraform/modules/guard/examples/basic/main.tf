# The policy of a queue that one more service may write to.

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

module "guard" {
  source = "../.."

  actions   = ["sqs:*"]
  resources = ["arn:aws:sqs:eu-west-1:123456789012:queue"]
}

output "json" {
  description = "As the module gives it."
  value       = module.guard.json
}
