# A key for the log groups and alarms of one environment.

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

module "kms" {
  source = "../.."

  name               = "snowmelt-example"
  log_group_prefixes = ["/snowmelt-example/"]
  alarm_prefix       = "snowmelt-example-"
}

output "key_arn" {
  description = "As the module gives it."
  value       = module.kms.key_arn
}
