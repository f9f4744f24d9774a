# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name               = "snowmelt-test"
  log_group_prefixes = ["/snowmelt-test/"]
  alarm_prefix       = "snowmelt-test-"
}

run "a_key_that_turns" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "rotation is on"
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/snowmelt-test"
    error_message = "the alias"
  }

  assert {
    condition     = length(aws_iam_service_linked_role.autoscaling) == 0
    error_message = "the role is not made"
  }

  assert {
    condition     = contains([for statement in data.aws_iam_policy_document.key.statement : statement.sid], "AlarmsToTopics")
    error_message = "alarms get in"
  }
}

run "a_fresh_account" {
  command = plan

  variables {
    create_autoscaling_role = true
  }

  assert {
    condition     = length(aws_iam_service_linked_role.autoscaling) == 1
    error_message = "the role is made"
  }
}
