# S3 and RDS.

locals {
  storage_alarms = merge(
    { for key, bucket in var.buckets : "client-errors-${key}" => {
      description = "More than ${local.thresholds.s3_client_error_percent} % of the requests to ${bucket.name} are refused. Look at roles, policy and key."
      namespace   = "AWS/S3"
      metric      = "4xxErrors"
      dimensions  = { BucketName = bucket.name, FilterId = bucket.filter_id }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.s3_client_error_percent / 100
    } },
    { for key, bucket in var.buckets : "server-errors-${key}" => {
      description = "S3 fails on more than ${local.thresholds.s3_server_error_percent} % of the requests to ${bucket.name}. Writers try again; look if it lasts."
      namespace   = "AWS/S3"
      metric      = "5xxErrors"
      dimensions  = { BucketName = bucket.name, FilterId = bucket.filter_id }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.s3_server_error_percent / 100
    } },
    { for key, database in var.databases : "db-cpu-${key}" => {
      description = "${database.identifier} has been busy for a quarter of an hour. Look at its queries, or take a larger instance_class."
      namespace   = "AWS/RDS"
      metric      = "CPUUtilization"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.db_cpu_percent
      missing     = "breaching" # a database that says nothing is down. One of its four alarms says so, not all
    } },
    { for key, database in var.databases : "db-storage-${key}" => {
      description = "${database.identifier} runs out of storage. Raise allocated_gib or max_allocated_gib."
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      statistic   = "Minimum"
      seconds     = 300
      periods     = 1
      operator    = "LessThanThreshold"
      threshold   = database.allocated_gib * 1073741824 * local.thresholds.db_free_storage_percent / 100
    } },
    { for key, database in var.databases : "db-memory-${key}" => {
      description = "${database.identifier} runs out of memory. Take a larger instance_class or fewer connections."
      namespace   = "AWS/RDS"
      metric      = "FreeableMemory"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      statistic   = "Minimum"
      seconds     = 300
      periods     = 3
      operator    = "LessThanThreshold"
      threshold   = local.thresholds.db_free_memory_mib * 1048576
    } },
    { for key, database in var.databases : "db-connections-${key}" => {
      description = "${database.identifier} nears its ${database.max_connections} connections. Look for clients that keep theirs."
      namespace   = "AWS/RDS"
      metric      = "DatabaseConnections"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = floor(database.max_connections * local.thresholds.db_connections_percent / 100)
    } },
  )
}
