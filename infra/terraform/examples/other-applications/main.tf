# Collector and enrich by another maker: only image, command and files differ, and no module is touched.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    databricks = {
      source  = "databricks/databricks"
      version = ">= 1.100, < 2.0"
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.7, < 4.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = { Project = "snowmelt", Environment = "other-applications" }
  }
}

provider "databricks" {
  host = "https://dbc-12345678-90ab.cloud.databricks.com"
}

locals {
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0"
  other = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowplow"
}

module "platform" {
  source = "../../modules/platform"

  name        = "snowmelt-swap"
  environment = "dev"
  emails      = { ops = "ops@example.com" }

  edge = {
    collector_host  = "collector.events.example.com"
    iglu_host       = "iglu.events.example.com"
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  }
  lease_tables = { snowplow-enrich = { hash_key = "leaseKey" } } # the Kinesis Client Library keeps its leases in a table of its own

  stages = {
    collector = {
      image       = "${local.other}/scala-stream-collector-kinesis:3.4.0"
      command     = ["--config", "/etc/snowmelt/collector.hocon"]
      environment = {}
      files       = { "/etc/snowmelt/collector.hocon" = file("${path.module}/collector.hocon") }
    }
    enrich = {
      image       = "${local.other}/snowplow-enrich-kinesis:5.3.0"
      command     = ["--config", "/etc/snowmelt/enrich.hocon", "--iglu-config", "/etc/snowmelt/resolver.json", "--enrichments", "/etc/snowmelt/enrichments"]
      environment = {}
      files       = { "/etc/snowmelt/enrich.hocon" = file("${path.module}/enrich.hocon") }
    }
    iglu       = { image = local.image }
    airflow    = { image = local.image, instance_type = "t4g.large" }
    prometheus = { image = "prom/prometheus:v3.5.0" }
  }
}

output "platform" {
  description = "What was made, and how to reach it."
  value       = module.platform
}
