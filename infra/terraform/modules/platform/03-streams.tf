# Where events lie between two stages: three streams, the lake, and the queue that tells of finished run folders.

module "stream" {
  source = "../stream"

  name        = var.name
  kms_key_arn = module.kms.key_arn
  streams = { for kind in ["raw", "enriched", "bad"] : kind => {
    mode            = var.streams.mode
    shards          = var.streams.shards
    retention_hours = var.streams.retention_hours
  } }
  # Leases and runs share a table: a checkpoint and the run folder it belongs to are committed in one transaction.
  lease_tables        = merge({ runs = { hash_key = "pk" } }, var.lease_tables)
  deletion_protection = local.protected
}

module "lake" {
  source = "../lake"

  name          = var.name
  kms_key_arn   = module.kms.key_arn
  bucket_name   = var.lake.bucket_name
  force_destroy = !local.protected
  expire_days   = var.lake.expire_days
}

module "loads" {
  source = "../queue"

  name        = var.name
  queue       = "loads"
  kms_key_arn = module.kms.key_arn
}
