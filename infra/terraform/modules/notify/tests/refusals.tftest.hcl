# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  emails      = { ops = "ops@example.com", data = "data@example.com" }
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "key" {
  command         = plan
  expect_failures = [var.kms_key_arn]

  variables {
    kms_key_arn = "alias/aws/sqs"
  }
}

run "nobody" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = {}
  }
}

run "no_address" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = { ops = "ops" }
  }
}
