# What is refused at plan, each with a sentence that names the variable.

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

run "mode" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { mode = "AUTO" } }
  }
}

run "shards_on_demand" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { shards = 2 } }
  }
}

run "no_shards" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { mode = "PROVISIONED" } }
  }
}

run "retention" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { retention_hours = 12 } }
  }
}

run "record" {
  command         = plan
  expect_failures = [var.max_record_kib]

  variables {
    max_record_kib = 20000
  }
}

run "stream_name" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { Raw_Events = {} }
  }
}

run "half_a_shard" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { mode = "PROVISIONED", shards = 1.5 } }
  }
}

run "no_shard" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { mode = "PROVISIONED", shards = 0 } }
  }
}

run "kept_too_long" {
  command         = plan
  expect_failures = [var.streams]

  variables {
    streams = { raw = { retention_hours = 9000 } }
  }
}

run "small_record" {
  command         = plan
  expect_failures = [var.max_record_kib]

  variables {
    max_record_kib = 512
  }
}
