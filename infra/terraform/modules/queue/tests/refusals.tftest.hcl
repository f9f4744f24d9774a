# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  queue       = "loads"
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

run "queue" {
  command         = plan
  expect_failures = [var.queue]

  variables {
    queue = "Loads.fifo"
  }
}

run "receives" {
  command         = plan
  expect_failures = [var.max_receives]

  variables {
    max_receives = 0
  }
}

run "visibility" {
  command         = plan
  expect_failures = [var.visibility_seconds]

  variables {
    visibility_seconds = 10
  }
}

run "retention" {
  command         = plan
  expect_failures = [var.retention_days]

  variables {
    retention_days = 15
  }
}

run "reuse" {
  command         = plan
  expect_failures = [var.key_reuse_seconds]

  variables {
    key_reuse_seconds = 10
  }
}

run "hidden_too_long" {
  command         = plan
  expect_failures = [var.visibility_seconds]

  variables {
    visibility_seconds = 50000
  }
}

run "kept_for_nothing" {
  command         = plan
  expect_failures = [var.retention_days]

  variables {
    retention_days = 0
  }
}

run "reused_too_long" {
  command         = plan
  expect_failures = [var.key_reuse_seconds]

  variables {
    key_reuse_seconds = 100000
  }
}
