# A collector behind a load balancer, with a volume for what it spills.

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

module "service" {
  source = "../.."

  stage       = "collector"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  containers  = { app = { image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0", command = ["snowmelt", "collector"], environment = { A = "b" } } }
  name        = "snowmelt-example"
  front       = { site = "collector" }
  edge        = { security_group_id = "sg-0123456789abcdef0", target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/collector/0123456789abcdef" }
  data_volume = { gib = 20 }
  drain       = { folder = "/data/spill" }
}

output "log_group_name" {
  description = "As the module gives it."
  value       = module.service.log_group_name
}
