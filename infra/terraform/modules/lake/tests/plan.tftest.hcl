# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

run "a_private_bucket" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.bucket == "snowmelt-test-lake-123456789012-eu-west-1"
    error_message = "a name of its own"
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "kept"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "private"
  }

  assert {
    condition     = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : try(rule.abort_incomplete_multipart_upload[0].days_after_initiation == 1, false)])
    error_message = "unfinished uploads go"
  }

  assert {
    condition     = output.metrics_filter_id == "whole-bucket"
    error_message = "request metrics"
  }
}

run "a_prefix_that_expires" {
  command = plan

  variables {
    expire_days = { "spill/" = 30 }
  }

  assert {
    condition     = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : try(rule.id == "expire-spill" && rule.expiration[0].days == 30, false)])
    error_message = "its rule"
  }
}
