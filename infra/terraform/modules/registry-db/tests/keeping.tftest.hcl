# Which sizes, versions and ways to keep data are refused at plan, each with a sentence that names the variable.

# Not mocked: Terraform cannot mock what is ephemeral.
provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "snowmelt-test"
  database    = "iglu"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

# The module reads the password back from its secret, so there has to be one.
run "secret" {
  module {
    source = "../secret"
  }

  variables {
    secrets = { db = { description = "A database.", generate = true } }
    values  = {} # said, because Terraform holds an ephemeral default for unset here
  }
}

run "small" {
  command         = plan
  expect_failures = [var.allocated_gib]

  variables {
    allocated_gib = 5
    secret_arn    = run.secret.arns["db"]
  }
}

run "no_room" {
  command         = plan
  expect_failures = [var.max_allocated_gib]

  variables {
    max_allocated_gib = 20
    secret_arn        = run.secret.arns["db"]
  }
}

run "engine" {
  command         = plan
  expect_failures = [var.engine_version]

  variables {
    engine_version = "9.6"
    secret_arn     = run.secret.arns["db"]
  }
}

run "connections" {
  command         = plan
  expect_failures = [var.max_connections]

  variables {
    max_connections = 5
    secret_arn      = run.secret.arns["db"]
  }
}

run "backups" {
  command         = plan
  expect_failures = [var.backup_days]

  variables {
    backup_days = 0
    secret_arn  = run.secret.arns["db"]
  }
}

run "snapshot" {
  command         = plan
  expect_failures = [var.final_snapshot]

  variables {
    final_snapshot = "Final--1"
    secret_arn     = run.secret.arns["db"]
  }
}

run "log_days" {
  command         = plan
  expect_failures = [var.log_retention_days]

  variables {
    log_retention_days = 10
    secret_arn         = run.secret.arns["db"]
  }
}

run "backed_up_too_long" {
  command         = plan
  expect_failures = [var.backup_days]

  variables {
    backup_days = 60
    secret_arn  = run.secret.arns["db"]
  }
}

run "too_many_connections" {
  command         = plan
  expect_failures = [var.max_connections]

  variables {
    max_connections = 9000
    secret_arn      = run.secret.arns["db"]
  }
}
