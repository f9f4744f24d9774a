# Kinesis. Put success counts a call that got one record in, so the share of failed records is watched as well.

locals {
  consumed = { for key, stream in var.streams : key => stream if stream.consumed }

  stream_alarms = merge(
    { for key, stream in var.streams : "put-success-${key}" => {
      description = "Writing to ${stream.name} fails. Look at its throttling and at the writer's log."
      namespace   = "AWS/Kinesis"
      metric      = "PutRecords.Success"
      dimensions  = { StreamName = stream.name }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "LessThanThreshold"
      threshold   = local.thresholds.kinesis_success_share
    } },
    { for key, stream in var.streams : "failed-records-${key}" => {
      description = "More than ${local.thresholds.failed_records_percent} % of the records for ${stream.name} were refused. Raise shards, or go on demand."
      namespace   = "AWS/Kinesis"
      formula     = "IF(total > 0, 100 * failed / total, 0)"
      metrics     = { failed = "PutRecords.FailedRecords", total = "PutRecords.TotalRecords" }
      dimensions  = { StreamName = stream.name }
      statistic   = "Sum"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.failed_records_percent
    } },
    { for key, stream in var.streams : "write-throttled-${key}" => {
      description = "${stream.name} throttles its writers. Raise shards, or go on demand."
      namespace   = "AWS/Kinesis"
      metric      = "WriteProvisionedThroughputExceeded"
      dimensions  = { StreamName = stream.name }
      statistic   = "Sum"
      seconds     = 300
      periods     = 5
      datapoints  = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.throttled_records
    } },
    { for key, stream in local.consumed : "get-success-${key}" => {
      description = "Reading from ${stream.name} fails. Look at the reader's log and role."
      namespace   = "AWS/Kinesis"
      metric      = "GetRecords.Success"
      dimensions  = { StreamName = stream.name }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "LessThanThreshold"
      threshold   = local.thresholds.kinesis_success_share
    } },
    { for key, stream in local.consumed : "iterator-age-${key}" => {
      description = "The reader of ${stream.name} is behind, or gone. See docs/runbooks/waiting-enrich.md."
      namespace   = "AWS/Kinesis"
      metric      = "GetRecords.IteratorAgeMilliseconds"
      dimensions  = { StreamName = stream.name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.iterator_age_seconds * 1000
      missing     = stream.always_read ? "breaching" : "notBreaching" # a reader asks also when nothing came: silence means that it is gone
    } },
    { for key, stream in local.consumed : "events-expire-${key}" => {
      description = "The reader of ${stream.name} is behind by ${local.thresholds.spent_retention_percent} % of what the stream keeps: events will be lost. Raise retention_hours now."
      namespace   = "AWS/Kinesis"
      metric      = "GetRecords.IteratorAgeMilliseconds"
      dimensions  = { StreamName = stream.name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 1
      operator    = "GreaterThanThreshold"
      threshold   = stream.retention_hours * 36000 * local.thresholds.spent_retention_percent
    } },
    { for key, stream in local.consumed : "read-throttled-${key}" => {
      description = "${stream.name} throttles its readers. Read each shard less than five times a second, all readers together."
      namespace   = "AWS/Kinesis"
      metric      = "ReadProvisionedThroughputExceeded"
      dimensions  = { StreamName = stream.name }
      statistic   = "Sum"
      seconds     = 300
      periods     = 5
      datapoints  = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.throttled_records
    } },
  )
}
