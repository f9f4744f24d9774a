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
}
