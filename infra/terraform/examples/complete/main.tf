# Everything on: tracker page, Databricks, a certificate of its own, interface endpoints, a stage by another maker.

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
    tags = { Project = "snowmelt", Environment = "complete" }
  }
}

provider "databricks" {
  host = "https://dbc-12345678-90ab.cloud.databricks.com"
}

locals {
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0"
}

module "platform" {
  source = "../../modules/platform"

  name        = "snowmelt-all"
  environment = "dev"
  emails      = { ops = "ops@example.com", data = "data@example.com" }

  network = {
    nat                 = "per_zone"
    interface_endpoints = { kinesis-streams = {}, kms = {}, logs = {}, secretsmanager = {}, sqs = {} }
  }
  edge = {
    collector_host = "collector.events.example.com"
    iglu_host      = "iglu.events.example.com"
    page_host      = "page.events.example.com"
    zone_id        = "Z0123456789ABCDEFGHIJ"
  }
  lease_tables = { enrich = { hash_key = "leaseKey" } }
  lake         = { expire_days = { "spill/" = 30 } }
  databricks   = { readers = ["analysts"] }

  stages = {
    collector  = { image = local.image, min = 2, max = 4 }
    iglu       = { image = local.image }
    page       = { image = local.image }
    enrich     = { image = local.image, instance_type = "c7g.large" }
    airflow    = { image = local.image, instance_type = "t4g.large" }
    prometheus = { image = "prom/prometheus:v3.5.0" }
  }
}

output "platform" {
  description = "What was made, and how to reach it."
  value       = module.platform
}
