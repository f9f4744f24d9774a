# The collector: from HTTP to the raw stream. What the stream does not take in time waits on the data volume.

locals {
  streams = module.stream.stream_arns
}

module "collector" {
  source = "../service"

  name                     = var.name
  stage                    = "collector"
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  scraped_by               = { security_group_id = module.metrics.security_group_id }
  instance                 = local.stage["collector"].instance
  capacity                 = local.stage["collector"].capacity
  files                    = local.stage["collector"].files
  front                    = { site = "collector", health = local.hosts["collector"].health_path }
  edge                     = { security_group_id = module.edge.security_group_id, target_group_arn = module.edge.target_group_arns["collector"] }
  data_volume              = { gib = var.collector_volume.gib, mount = "/data" }
  drain                    = { folder = "/data/spill", patience_seconds = var.collector_volume.drain_patience_seconds }

  containers = { collector = local.stage["collector"].container }

  permissions = {
    WriteStreams = {
      actions   = ["kinesis:DescribeStreamSummary", "kinesis:PutRecord", "kinesis:PutRecords"]
      resources = [local.streams["raw"], local.streams["bad"]]
    }
  }
  kms_via = {
    WriteStreams = {
      actions  = ["kms:GenerateDataKey"]
      services = ["kinesis"]
      context  = { "aws:kinesis:arn" = [local.streams["raw"], local.streams["bad"]] }
    }
  }
}
