# One small platform: one zone's NAT, one instance a stage, one shard a stream, nothing protected against deletion.

locals {
  environment = "dev"
  stages      = ["collector", "iglu", "page", "enrich", "airflow"]
}

module "platform" {
  source = "../../modules/platform"

  name        = "snowmelt-dev"
  environment = local.environment
  emails      = var.emails

  edge = {
    collector_host  = "collector.${var.domain}"
    iglu_host       = "iglu.${var.domain}"
    page_host       = "page.${var.domain}"
    zone_id         = var.zone_id
    certificate_arn = var.certificate_arn
  }
  streams            = { mode = "PROVISIONED", shards = 1 }
  log_retention_days = 14
  secret_values      = var.secret_values
  databricks         = var.databricks_host == null ? null : {}

  stages = merge(
    { for stage in local.stages : stage => { image = var.image, max = 1 } },
    { airflow = { image = var.image, instance_type = "t4g.large" }, prometheus = { image = "prom/prometheus:v3.5.0" } },
    var.stages,
  )
}
