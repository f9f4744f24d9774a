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

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"])
    error_message = "on the key, by a bucket key"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "versions, and no access lists"
  }

  assert {
    condition     = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : try(rule.noncurrent_version_expiration[0].noncurrent_days == 30, false)])
    error_message = "old versions go after a month"
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 2
    error_message = "and nothing else does"
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

# The document itself is mocked, what it is asked for is not.
run "uploads_of_other_keys" {
  command = plan

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.encryption.statement : statement.effect == "Deny" && statement.actions == toset(["s3:PutObject"])])
    error_message = "uploads are refused"
  }

  assert {
    condition     = toset([for statement in data.aws_iam_policy_document.encryption.statement : statement.sid]) == toset(["DenyCustomerKey", "DenyOtherAlgorithm", "DenyOtherKey", "DenyUnnamedKey"])
    error_message = "which ask for another algorithm, another key, S3's own key or one that the caller brings"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.encryption.statement : anytrue([for condition in statement.condition : condition.test != "Null" || contains(condition.values, "false")])])
    error_message = "but no upload that asks for nothing"
  }
}

run "a_name_of_ones_own" {
  command = plan

  variables {
    bucket_name   = "acme-snowmelt-lake"
    force_destroy = true
  }

  assert {
    condition     = aws_s3_bucket.this.bucket == "acme-snowmelt-lake" && aws_s3_bucket.this.force_destroy
    error_message = "as said"
  }
}
