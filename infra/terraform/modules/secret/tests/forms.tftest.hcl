# Forms of texts, and texts that come from outside.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

run "every_form" {
  command = plan

  variables {
    secrets = {
      db     = { description = "A database.", generate = true }
      api    = { description = "A UUID.", generate = true, form = "uuid" }
      fernet = { description = "A key.", generate = true, form = "fernet" }
      token  = { description = "Of another.", version = 3 }
    }
    values = { token = "given" }
  }

  assert {
    condition     = toset(keys(output.names)) == toset(["api", "db", "fernet", "token"])
    error_message = "one for each"
  }

  assert {
    condition     = alltrue([for version in aws_secretsmanager_secret_version.this : version.secret_string == null || version.secret_string == ""])
    error_message = "nothing where the state would keep it"
  }

  assert {
    condition     = aws_secretsmanager_secret_version.this["token"].secret_string_wo_version == 3
    error_message = "given ones have a version as well"
  }

  assert {
    condition     = alltrue([for secret in aws_secretsmanager_secret.this : secret.recovery_window_in_days == 30])
    error_message = "they can be brought back"
  }

  assert {
    condition     = alltrue([for policy in aws_secretsmanager_secret_policy.this : policy.block_public_policy])
    error_message = "never public"
  }
}

run "too_long" {
  command         = plan
  expect_failures = [var.secrets]

  variables {
    secrets = { db = { description = "A database.", generate = true, length = 129 } }
  }
}

run "recovery_too_long" {
  command         = plan
  expect_failures = [var.recovery_days]

  variables {
    secrets       = { db = { description = "A database.", generate = true } }
    recovery_days = 31
  }
}

run "not_at_all" {
  command = plan

  variables {
    secrets       = { db = { description = "A database.", generate = true } }
    recovery_days = 0
  }

  assert {
    condition     = aws_secretsmanager_secret.this["db"].recovery_window_in_days == 0
    error_message = "gone at once where wanted"
  }
}
