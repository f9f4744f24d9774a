# What each kind of thing is watched for, beside the two topics.

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

run "log_groups" {
  command = plan

  variables {
    log_groups = { collector = "/snowmelt-test/collector" }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["error-log-collector"])
    error_message = "log_groups"
  }
}

run "autoscaling_groups" {
  command = plan

  variables {
    autoscaling_groups = { collector = "snowmelt-test-collector" }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["high-cpu-collector", "low-cpu-collector", "status-check-collector"])
    error_message = "autoscaling_groups"
  }
}

run "streams" {
  command = plan

  variables {
    streams = { raw = { name = "snowmelt-test-raw", retention_hours = 24 } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["events-expire-raw", "failed-records-raw", "get-success-raw", "iterator-age-raw", "put-success-raw", "read-throttled-raw", "write-throttled-raw"])
    error_message = "streams"
  }
}

run "queues" {
  command = plan

  variables {
    queues = { loads = { name = "snowmelt-test-loads.fifo", dead_letter_name = "snowmelt-test-loads-dead.fifo", load_interval_seconds = 900 } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["dead-letters-loads", "in-flight-messages-loads", "oldest-message-loads", "visible-messages-loads"])
    error_message = "queues"
  }
}

run "buckets" {
  command = plan

  variables {
    buckets = { lake = { name = "lake", filter_id = "whole-bucket" } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["client-errors-lake", "server-errors-lake"])
    error_message = "buckets"
  }
}

run "databases" {
  command = plan

  variables {
    databases = { iglu = { identifier = "snowmelt-test-iglu", allocated_gib = 20, max_connections = 100 } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["db-connections-iglu", "db-cpu-iglu", "db-memory-iglu", "db-storage-iglu"])
    error_message = "databases"
  }
}

run "load_balancer" {
  command = plan

  variables {
    load_balancer = { arn_suffix = "app/edge/0123456789abcdef", target_groups = { collector = "targetgroup/collector/0123456789abcdef" } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["edge-5xx", "target-5xx-collector", "target-tls-collector", "unhealthy-hosts-collector"])
    error_message = "load_balancer"
  }
}

run "spills" {
  command = plan

  variables {
    spills = { collector = { max_age_seconds = 60 } }
  }

  assert {
    condition     = setsubtract(keys(aws_cloudwatch_metric_alarm.this), ["notifications-failed-alarms", "notifications-failed-fallback"]) == toset(["spill-age-collector"])
    error_message = "spills"
  }
}
