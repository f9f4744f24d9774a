# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  queue       = "loads"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

run "first_in_first_out" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this.name == "snowmelt-test-loads.fifo" && aws_sqs_queue.this.fifo_queue
    error_message = "FIFO"
  }

  assert {
    condition     = aws_sqs_queue.this.deduplication_scope == "messageGroup" && aws_sqs_queue.this.fifo_throughput_limit == "perMessageGroupId"
    error_message = "a group each"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 3
    error_message = "dead after three"
  }

  assert {
    condition     = aws_sqs_queue.dead.kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    error_message = "dead letters on the key too"
  }

  assert {
    condition     = !aws_sqs_queue.this.content_based_deduplication
    error_message = "a message is what its id says, not its text"
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" && aws_sqs_queue.this.kms_data_key_reuse_period_seconds == 300
    error_message = "on the key"
  }

  assert {
    condition     = aws_sqs_queue.dead.fifo_queue && aws_sqs_queue.dead.message_retention_seconds == 1209600
    error_message = "dead letters of a FIFO queue are one too, kept for 14 days"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead.arn
    error_message = "they go there"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy).redrivePermission == "byQueue"
    error_message = "from this queue and no other"
  }

  assert {
    condition     = toset(keys(aws_sqs_queue_policy.this)) == toset(["dead", "live"])
    error_message = "a policy on each"
  }
}
