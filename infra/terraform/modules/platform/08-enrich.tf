# Enrich, with the lake's writer in the same process: from the raw stream to run folders, and one message for each.

module "enrich" {
  source = "../service"

  name                     = var.name
  stage                    = "enrich"
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  instance                 = local.stage["enrich"].instance
  capacity                 = local.stage["enrich"].capacity
  files                    = local.stage["enrich"].files
  data_volume              = { gib = 20, mount = "/data" }

  containers = { enrich = local.stage["enrich"].container }

  permissions = {
    ReadRaw = {
      actions   = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
      resources = [local.streams["raw"]]
    }
    WriteStreams = {
      actions   = ["kinesis:DescribeStreamSummary", "kinesis:PutRecord", "kinesis:PutRecords"]
      resources = [local.streams["enriched"], local.streams["bad"]]
    }
    Leases = {
      actions   = ["dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"]
      resources = values(module.stream.table_arns)
    }
    WriteLake = {
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
      resources = ["${module.lake.bucket_arn}/*"]
    }
    ListLake = {
      actions   = ["s3:ListBucket"]
      resources = [module.lake.bucket_arn]
    }
    AnnounceRuns = {
      actions   = ["sqs:GetQueueUrl", "sqs:SendMessage"]
      resources = [module.loads.queue_arn]
    }
  }
  kms_via = {
    ReadRaw = {
      actions  = ["kms:Decrypt"]
      services = ["kinesis"]
      context  = { "aws:kinesis:arn" = [local.streams["raw"]] }
    }
    WriteStreams = {
      actions  = ["kms:GenerateDataKey"]
      services = ["kinesis"]
      context  = { "aws:kinesis:arn" = [local.streams["enriched"], local.streams["bad"]] }
    }
    Leases = {
      actions  = ["kms:Decrypt"]
      services = ["dynamodb"]
      context  = { "aws:dynamodb:tableName" = values(module.stream.table_names) }
    }
    Lake = {
      actions  = ["kms:Decrypt", "kms:GenerateDataKey"]
      services = ["s3"]
      context  = { "aws:s3:arn" = [module.lake.bucket_arn] } # a bucket key's context is the bucket
    }
    AnnounceRuns = {
      actions  = ["kms:Decrypt", "kms:GenerateDataKey"]
      services = ["sqs"]
    }
  }
}
