# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
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

run "bucket" {
  command         = plan
  expect_failures = [var.bucket_name]

  variables {
    bucket_name = "My.Bucket"
  }
}

run "prefix" {
  command         = plan
  expect_failures = [var.expire_days]

  variables {
    expire_days = { spill = 30 }
  }
}

run "old" {
  command         = plan
  expect_failures = [var.old_version_days]

  variables {
    old_version_days = 0
  }
}

run "everything_expires" {
  command         = plan
  expect_failures = [var.expire_days]

  variables {
    expire_days = { "/" = 30 }
  }
}

run "half_a_day" {
  command         = plan
  expect_failures = [var.expire_days]

  variables {
    expire_days = { "spill/" = 0.5 }
  }
}
