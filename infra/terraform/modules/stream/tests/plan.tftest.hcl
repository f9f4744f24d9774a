# What is planned.

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

run "on_the_key" {
  command = plan

  assert {
    condition     = alltrue([for stream in aws_kinesis_stream.this : stream.encryption_type == "KMS" && stream.kms_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"])
    error_message = "streams"
  }

  assert {
    condition     = aws_kinesis_stream.this["bad"].shard_count == 2
    error_message = "shards"
  }

  assert {
    condition     = aws_dynamodb_table.lease["runs"].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    error_message = "tables"
  }

  assert {
    condition     = aws_dynamodb_table.lease["runs"].point_in_time_recovery[0].enabled
    error_message = "can be restored"
  }

  assert {
    condition     = alltrue([for stream in aws_kinesis_stream.this : stream.retention_period == 24 && stream.max_record_size_in_kib == 1024])
    error_message = "a day, in records of a mebibyte"
  }

  assert {
    condition     = aws_kinesis_stream.this["raw"].stream_mode_details[0].stream_mode == "ON_DEMAND"
    error_message = "grows by itself when nobody says otherwise"
  }

  assert {
    condition     = toset(keys(aws_kinesis_resource_policy.this)) == toset(["bad", "raw"]) && toset(keys(aws_dynamodb_resource_policy.lease)) == toset(["runs"])
    error_message = "a policy on each"
  }

  assert {
    condition     = aws_dynamodb_table.lease["runs"].billing_mode == "PAY_PER_REQUEST" && !aws_dynamodb_table.lease["runs"].deletion_protection_enabled
    error_message = "paid by use"
  }

  assert {
    condition     = output.stream_names == { bad = "snowmelt-test-bad", raw = "snowmelt-test-raw" } && output.table_names == { runs = "snowmelt-test-runs" }
    error_message = "names, by short name"
  }
}

run "tables_of_two_keys" {
  command = plan

  variables {
    lease_tables        = { leases = { hash_key = "leaseKey", range_key = "shard" } }
    deletion_protection = true
  }

  assert {
    condition     = toset([for attribute in aws_dynamodb_table.lease["leases"].attribute : attribute.name]) == toset(["leaseKey", "shard"])
    error_message = "both are defined"
  }

  assert {
    condition     = aws_dynamodb_table.lease["leases"].deletion_protection_enabled
    error_message = "protected"
  }
}
