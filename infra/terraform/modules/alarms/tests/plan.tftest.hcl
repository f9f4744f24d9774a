# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name                = "snowmelt-test"
  topic_arn           = "arn:aws:sns:eu-west-1:123456789012:snowmelt-test-alarms"
  topic_name          = "snowmelt-test-alarms"
  fallback_topic_arn  = "arn:aws:sns:eu-west-1:123456789012:snowmelt-test-fallback"
  fallback_topic_name = "snowmelt-test-fallback"
}

run "nothing_to_watch" {
  command = plan

  assert {
    condition     = output.catalogue_size == 2
    error_message = "the topics watch each other"
  }
}

run "the_whole_catalogue" {
  command = plan

  variables {
    log_groups         = { collector = "/snowmelt-test/collector" }
    autoscaling_groups = { collector = "snowmelt-test-collector" }
    streams            = { raw = { name = "snowmelt-test-raw", retention_hours = 24 } }
    queues             = { loads = { name = "snowmelt-test-loads.fifo", dead_letter_name = "snowmelt-test-loads-dead.fifo", load_interval_seconds = 900 } }
    buckets            = { lake = { name = "lake", filter_id = "whole-bucket" } }
    databases          = { iglu = { identifier = "snowmelt-test-iglu", allocated_gib = 20, max_connections = 100 } }
    load_balancer      = { arn_suffix = "app/edge/0123456789abcdef", target_groups = { collector = "targetgroup/collector/0123456789abcdef" } }
    spills             = { collector = { max_age_seconds = 60 } }
  }

  assert {
    condition     = output.catalogue_size == 28
    error_message = "all of them"
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset([key == "notifications-failed-alarms" ? "arn:aws:sns:eu-west-1:123456789012:snowmelt-test-fallback" : "arn:aws:sns:eu-west-1:123456789012:snowmelt-test-alarms"])])
    error_message = "each tells somebody, and no topic tells of itself"
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.error["collector"].pattern == "ERROR"
    error_message = "the word that loggers write"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["oldest-message-loads"].threshold == 1800
    error_message = "two rounds of loading"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["db-storage-iglu"].threshold == 2147483648
    error_message = "a tenth of 20 GiB, in bytes"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["events-expire-raw"].threshold == 43200000
    error_message = "half of a day, in milliseconds"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.ok_actions == alarm.alarm_actions])
    error_message = "and tells when it is over"
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name == "snowmelt-test-${key}" && length(alarm.alarm_name) <= 255])
    error_message = "names"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : endswith(alarm.alarm_description, ".") && length(alarm.alarm_description) <= 1024])
    error_message = "in sentences"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this["failed-records-raw"].metric_query) == 3 && aws_cloudwatch_metric_alarm.this["failed-records-raw"].metric_name == null
    error_message = "a share of two metrics"
  }

  assert {
    condition     = toset([for key, alarm in aws_cloudwatch_metric_alarm.this : key if alarm.treat_missing_data == "breaching"]) == toset(["db-cpu-iglu", "low-cpu-collector", "spill-age-collector"])
    error_message = "silence of what always speaks is an alarm, any other is not"
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.error["collector"].metric_transformation[0].name == aws_cloudwatch_metric_alarm.this["error-log-collector"].metric_name && aws_cloudwatch_metric_alarm.this["error-log-collector"].namespace == "snowmelt-test"
    error_message = "the metric that is counted is the one that is watched"
  }
}

run "streams_of_three_kinds" {
  command = plan

  variables {
    streams = {
      raw      = { name = "snowmelt-test-raw", retention_hours = 24, always_read = true }
      enriched = { name = "snowmelt-test-enriched", retention_hours = 24 }
      archive  = { name = "snowmelt-test-archive", retention_hours = 24, consumed = false }
    }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["iterator-age-raw"].treat_missing_data == "breaching"
    error_message = "a reader that is always there is missed"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["iterator-age-enriched"].treat_missing_data == "notBreaching"
    error_message = "another is not"
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "iterator-age-archive") && contains(keys(aws_cloudwatch_metric_alarm.this), "put-success-archive")
    error_message = "what nobody reads is watched for writing alone"
  }
}

run "other_thresholds" {
  command = plan

  variables {
    autoscaling_groups = { collector = "snowmelt-test-collector" }
    thresholds         = { high_cpu_percent = 95 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["high-cpu-collector"].threshold == 95 && aws_cloudwatch_metric_alarm.this["low-cpu-collector"].threshold == 3
    error_message = "one as said, the others as usual"
  }
}
