# The platform for real traffic: two of each stage in two zones, a NAT in each, streams that grow, a standby database.

locals {
  environment = "prod"
}

module "platform" {
  source = "../../modules/platform"

  name        = "snowmelt-prod"
  environment = local.environment
  emails      = var.emails

  network = {
    nat                 = "per_zone"
    interface_endpoints = { kinesis-streams = {}, kms = {}, logs = {} } # where the volume is
  }
  edge = {
    collector_host  = "collector.${var.domain}"
    iglu_host       = "iglu.${var.domain}"
    zone_id         = var.zone_id
    certificate_arn = var.certificate_arn
  }
  streams = { mode = "ON_DEMAND", retention_hours = 168 }
  databases = {
    iglu    = { multi_az = true, backup_days = 14 }
    airflow = { instance_class = "db.t4g.small", multi_az = true, backup_days = 14 }
  }
  log_retention_days = 90
  secret_values      = var.secret_values
  databricks         = var.databricks_host == null ? null : { warehouse = { size = "Small", auto_stop_minutes = 10 } }

  stages = merge(
    {
      collector  = { image = var.image, instance_type = "c7g.large", min = 2, max = 8 }
      iglu       = { image = var.image, min = 2, max = 2 }
      enrich     = { image = var.image, instance_type = "c7g.large", min = 2, max = 4 }
      airflow    = { image = var.image, instance_type = "t4g.large" }
      prometheus = { image = "prom/prometheus:v3.5.0", instance_type = "t4g.small" }
    },
    var.stages,
  )
}
