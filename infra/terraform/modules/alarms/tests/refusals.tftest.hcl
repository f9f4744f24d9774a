# What is refused at plan, each with a sentence that names the variable.

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

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "percent" {
  command         = plan
  expect_failures = [var.thresholds]

  variables {
    thresholds = { high_cpu_percent = 800 }
  }
}

run "share" {
  command         = plan
  expect_failures = [var.thresholds]

  variables {
    thresholds = { kinesis_success_share = 95 }
  }
}

run "low_above_high" {
  command         = plan
  expect_failures = [var.thresholds]

  variables {
    thresholds = { low_cpu_percent = 90 }
  }
}

run "topic" {
  command         = plan
  expect_failures = [var.topic_arn]

  variables {
    topic_arn = "snowmelt-test-alarms"
  }
}

run "fallback" {
  command         = plan
  expect_failures = [var.fallback_topic_arn]

  variables {
    fallback_topic_arn = "snowmelt-test-fallback"
  }
}

run "one_topic" {
  command         = plan
  expect_failures = [var.fallback_topic_name]

  variables {
    fallback_topic_name = "snowmelt-test-alarms"
  }
}

run "misspelt" {
  command         = plan
  expect_failures = [var.thresholds]

  variables {
    thresholds = { high_cpu = 90 }
  }
}

run "negative" {
  command         = plan
  expect_failures = [var.thresholds]

  variables {
    thresholds = { queue_visible = -1 }
  }
}
