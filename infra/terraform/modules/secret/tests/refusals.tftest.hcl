# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  secrets     = { db = { description = "A database.", generate = true } }
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

run "form" {
  command         = plan
  expect_failures = [var.secrets]

  variables {
    secrets = { db = { description = "A database.", generate = true, form = "hex" } }
  }
}

run "short" {
  command         = plan
  expect_failures = [var.secrets]

  variables {
    secrets = { db = { description = "A database.", generate = true, length = 8 } }
  }
}

run "no_text" {
  command         = plan
  expect_failures = [var.values]

  variables {
    secrets = { token = { description = "Of another." } }
  }
}

run "recovery" {
  command         = plan
  expect_failures = [var.recovery_days]

  variables {
    recovery_days = 3
  }
}
