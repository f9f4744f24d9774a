# Whom the key serves, and for what of ours.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name               = "snowmelt-test"
  log_group_prefixes = ["/snowmelt-test/", "/aws/rds/instance/snowmelt-test-"]
  alarm_prefix       = "snowmelt-test-"
}

run "bound" {
  command = plan

  assert {
    condition = alltrue([for statement in data.aws_iam_policy_document.key.statement : length(statement.condition) > 0
    if contains([for principal in statement.principals : principal.type], "Service")])
    error_message = "a service is bound to what it acts for"
  }

  assert {
    condition = toset(one([for statement in data.aws_iam_policy_document.key.statement : one(statement.condition).values if statement.sid == "LogGroups"])) == toset([
      "arn:aws:logs:eu-west-1:123456789012:log-group:/snowmelt-test/*",
      "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/rds/instance/snowmelt-test-*",
    ])
    error_message = "our log groups"
  }

  assert {
    condition = tomap({ for bound in [for statement in data.aws_iam_policy_document.key.statement : statement.condition if statement.sid == "AlarmsToTopics"][0] : bound.variable => one(bound.values) }) == tomap({
      "aws:SourceAccount" = "123456789012"
      "aws:SourceArn"     = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:snowmelt-test-*"
    })
    error_message = "our alarms"
  }

  assert {
    condition = tolist([for statement in data.aws_iam_policy_document.key.statement : one(statement.condition).variable
    if contains(statement.actions, "kms:CreateGrant")]) == tolist(["kms:GrantIsForAWSResource"])
    error_message = "grants are for AWS's resources"
  }

  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "it can be brought back"
  }
}

run "too_long_a_window" {
  command         = plan
  expect_failures = [var.deletion_window_days]

  variables {
    deletion_window_days = 31
  }
}
