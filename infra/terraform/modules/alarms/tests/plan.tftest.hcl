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
}
