# Which tables are refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name         = "snowmelt-test"
  kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  streams      = { raw = {}, bad = { mode = "PROVISIONED", shards = 2 } }
  lease_tables = { runs = { hash_key = "pk" } }
}

run "hash_key" {
  command         = plan
  expect_failures = [var.lease_tables]

  variables {
    lease_tables = { runs = { hash_key = "" } }
  }
}

run "table_name" {
  command         = plan
  expect_failures = [var.lease_tables]

  variables {
    lease_tables = { Runs = { hash_key = "pk" } }
  }
}

run "one_key_twice" {
  command         = plan
  expect_failures = [var.lease_tables]

  variables {
    lease_tables = { runs = { hash_key = "pk", range_key = "pk" } }
  }
}

run "no_range_key" {
  command         = plan
  expect_failures = [var.lease_tables]

  variables {
    lease_tables = { runs = { hash_key = "pk", range_key = "" } }
  }
}
