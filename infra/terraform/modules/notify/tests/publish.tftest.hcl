# Who may publish, and an address named twice.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  emails      = { ops = "ops@example.com" }
}

run "alarms_publish" {
  command = plan

  assert {
    condition     = toset([for topic in aws_sns_topic.this : topic.name]) == toset(["snowmelt-test-alarms", "snowmelt-test-fallback"])
    error_message = "two names"
  }

  assert {
    condition     = alltrue([for document in data.aws_iam_policy_document.alarms : toset(one(document.statement).actions) == toset(["sns:Publish"]) && toset(one(one(document.statement).principals).identifiers) == toset(["cloudwatch.amazonaws.com"])])
    error_message = "CloudWatch publishes, and does nothing else"
  }

  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.alarms : tomap({ for bound in one(document.statement).condition : bound.variable => one(bound.values) }) == tomap({
      "aws:SourceAccount" = "123456789012"
      "aws:SourceArn"     = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:snowmelt-test-*"
    })])
    error_message = "for our alarms"
  }

  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.email : subscription.protocol == "email" && subscription.endpoint == "ops@example.com"])
    error_message = "by mail"
  }
}

run "twice" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = { ops = "ops@example.com", data = "ops@example.com" }
  }
}

run "two_in_one" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = { ops = "ops@example.com,data@example.com" }
  }
}
