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
}
