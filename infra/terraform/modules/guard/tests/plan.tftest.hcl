# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  actions   = ["sqs:*"]
  resources = ["arn:aws:sqs:eu-west-1:123456789012:queue"]
}

run "both_statements" {
  command = plan

  assert {
    condition     = toset([for statement in data.aws_iam_policy_document.this.statement : statement.sid]) == toset(["DenyForeign", "DenyPlainText"])
    error_message = "both statements"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.this.statement : statement.effect == "Deny"])
    error_message = "both deny"
  }
}
