# Everything that can be watched, once.

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

module "alarms" {
  source = "../.."

  name                = "snowmelt-example"
  topic_arn           = "arn:aws:sns:eu-west-1:123456789012:snowmelt-example-alarms"
  topic_name          = "snowmelt-example-alarms"
  fallback_topic_arn  = "arn:aws:sns:eu-west-1:123456789012:snowmelt-example-fallback"
  fallback_topic_name = "snowmelt-example-fallback"
  log_groups          = { collector = "/snowmelt-test/collector" }
  autoscaling_groups  = { collector = "snowmelt-test-collector" }
  streams             = { raw = { name = "snowmelt-test-raw", retention_hours = 24 } }
  queues              = { loads = { name = "snowmelt-test-loads.fifo", dead_letter_name = "snowmelt-test-loads-dead.fifo", load_interval_seconds = 900 } }
  buckets             = { lake = { name = "lake", filter_id = "whole-bucket" } }
  databases           = { iglu = { identifier = "snowmelt-test-iglu", allocated_gib = 20, max_connections = 100 } }
  load_balancer       = { arn_suffix = "app/edge/0123456789abcdef", target_groups = { collector = "targetgroup/collector/0123456789abcdef" } }
  spills              = { collector = { max_age_seconds = 60 } }
}

output "catalogue_size" {
  description = "As the module gives it."
  value       = module.alarms.catalogue_size
}
