# What is refused at plan of what is watched.

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

run "log_group" {
  command         = plan
  expect_failures = [var.log_groups]

  variables {
    log_groups = { "the collector" = "/snowmelt-test/collector" }
  }
}

run "group" {
  command         = plan
  expect_failures = [var.autoscaling_groups]

  variables {
    autoscaling_groups = { Collector = "snowmelt-test-collector" }
  }
}

run "stream" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { Raw = { name = "snowmelt-test-raw", retention_hours = 24 } }
  }
}

run "retention" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { name = "snowmelt-test-raw", retention_hours = 12 } }
  }
}

run "read_and_not_read" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { name = "snowmelt-test-raw", retention_hours = 24, consumed = false, always_read = true } }
  }
}

run "queue" {
  command         = plan
  expect_failures = [var.queues]

  variables {
    queues = { Loads = { name = "loads.fifo", dead_letter_name = "dead.fifo", load_interval_seconds = 900 } }
  }
}

run "interval" {
  command         = plan
  expect_failures = [var.queues]

  variables {
    queues = { loads = { name = "loads.fifo", dead_letter_name = "dead.fifo", load_interval_seconds = 0 } }
  }
}

run "bucket" {
  command         = plan
  expect_failures = [var.buckets]

  variables {
    buckets = { Lake = { name = "lake", filter_id = "whole-bucket" } }
  }
}

run "database" {
  command         = plan
  expect_failures = [var.databases]

  variables {
    databases = { Iglu = { identifier = "snowmelt-test-iglu", allocated_gib = 20, max_connections = 100 } }
  }
}

run "no_connections" {
  command         = plan
  expect_failures = [var.databases]

  variables {
    databases = { iglu = { identifier = "snowmelt-test-iglu", allocated_gib = 20, max_connections = 0 } }
  }
}

run "target_group" {
  command         = plan
  expect_failures = [var.load_balancer]

  variables {
    load_balancer = { arn_suffix = "app/edge/0123456789abcdef", target_groups = { Collector = "targetgroup/collector/0123456789abcdef" } }
  }
}

run "stage" {
  command         = plan
  expect_failures = [var.spills]

  variables {
    spills = { Collector = { max_age_seconds = 60 } }
  }
}

run "age" {
  command         = plan
  expect_failures = [var.spills]

  variables {
    spills = { collector = { max_age_seconds = 0 } }
  }
}
