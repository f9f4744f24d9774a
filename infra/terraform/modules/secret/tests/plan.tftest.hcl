# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  secrets     = { db = { description = "A database.", generate = true } }
}

run "a_secret" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret.this["db"].name == "snowmelt-test/db"
    error_message = "its name"
  }

  assert {
    condition     = aws_secretsmanager_secret.this["db"].kms_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    error_message = "on the key"
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this["db"].secret_string_wo_version == 1
    error_message = "its version"
  }
}

run "a_new_text" {
  command = plan

  variables {
    secrets = { db = { description = "A database.", generate = true, version = 2 } }
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this["db"].secret_string_wo_version == 2
    error_message = "a higher version is written"
  }
}
