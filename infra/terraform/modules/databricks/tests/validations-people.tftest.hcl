# Each wrong input is told at plan, by the variable's name.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

mock_provider "databricks" {
  override_during = plan
}

variables {
  name        = "snowmelt-dev"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  bucket_name = "acme-snowmelt-lake"
  bucket_arn  = "arn:aws:s3:::acme-snowmelt-lake"
  catalog     = "snowmelt_dev"
}

run "readers_are_everybody" {
  command = plan

  variables {
    readers = ["users"]
  }
  expect_failures = [var.readers]
}

run "connection" {
  command = plan

  variables {
    connection = "Snow melt"
  }
  expect_failures = [var.connection]
}

run "refresh_cron" {
  command = plan

  variables {
    refresh_cron = "daily"
  }
  expect_failures = [var.refresh_cron]
}

run "notebook" {
  command = plan

  variables {
    notebook = "no/such/file.py"
  }
  expect_failures = [var.notebook]
}

run "recovery_days" {
  command = plan

  variables {
    recovery_days = 3
  }
  expect_failures = [var.recovery_days]
}
