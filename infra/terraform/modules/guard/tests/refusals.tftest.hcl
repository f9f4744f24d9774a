# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  actions   = ["sqs:*"]
  resources = ["arn:aws:sqs:eu-west-1:123456789012:queue"]
}

run "no_action" {
  command         = plan
  expect_failures = [var.actions]

  variables {
    actions = []
  }
}

run "no_service" {
  command         = plan
  expect_failures = [var.actions]

  variables {
    actions = ["*"]
  }
}
