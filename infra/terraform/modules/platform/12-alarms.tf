# What is watched. Everything above hands in what it made; the catalogue in modules/alarms says what is asked of it.

locals {
  stages = merge(
    { collector = module.collector, iglu = module.iglu, enrich = module.enrich },
    { for page in module.page : "page" => page },
  )
}

module "alarms" {
  source = "../alarms"

  name                = var.name
  topic_arn           = module.notify.topic_arn
  topic_name          = module.notify.topic_name
  fallback_topic_arn  = module.notify.fallback_topic_arn
  fallback_topic_name = module.notify.fallback_topic_name
  thresholds          = var.thresholds

  log_groups = merge(
    { for key, stage in local.stages : key => stage.log_group_name },
    { airflow = module.airflow.log_group_name, prometheus = module.metrics.log_group_name },
    { for key, database in module.database : "${key}-db" => database.log_group_name },
  )
  autoscaling_groups = merge(
    { for key, stage in local.stages : key => stage.autoscaling_group_name },
    { airflow = module.airflow.autoscaling_group_name, prometheus = module.metrics.autoscaling_group_name },
  )
  streams = { for kind, name in module.stream.stream_names : kind => {
    name            = name
    retention_hours = var.streams.retention_hours
    always_read     = kind == "raw" # nobody has to read the other two; a raw stream that nobody reads means that enrich is dead
  } }
  queues = {
    loads = { name = module.loads.queue_name, dead_letter_name = module.loads.dead_letter_name, load_interval_seconds = 900 }
  }
  buckets = {
    lake = { name = module.lake.bucket_name, filter_id = module.lake.metrics_filter_id }
  }
  databases = { for key, database in module.database : key => {
    identifier      = database.identifier
    allocated_gib   = database.allocated_gib
    max_connections = database.max_connections
  } }
  load_balancer = {
    arn_suffix    = module.edge.load_balancer_arn_suffix
    target_groups = module.edge.target_group_arn_suffixes
  }
  spills = { collector = { max_age_seconds = var.collector_volume.max_spill_age_seconds } }
}
