# Messages name a run folder, and its name is both group and deduplication id: one that fails blocks no other, and the same
# one sent twice within five minutes is one.

resource "aws_sqs_queue" "this" {
  name                              = "${var.name}-${var.queue}.fifo"
  fifo_queue                        = true
  content_based_deduplication       = false
  deduplication_scope               = "messageGroup"
  fifo_throughput_limit             = "perMessageGroupId"
  visibility_timeout_seconds        = var.visibility_seconds
  message_retention_seconds         = var.retention_days * 86400
  receive_wait_time_seconds         = 20
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.key_reuse_seconds

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.max_receives
  })
}

resource "aws_sqs_queue" "dead" {
  name                              = "${var.name}-${var.queue}-dead.fifo"
  fifo_queue                        = true
  deduplication_scope               = "messageGroup"
  fifo_throughput_limit             = "perMessageGroupId"
  message_retention_seconds         = 14 * 86400 # from when the message came here: FIFO queues count anew
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.key_reuse_seconds
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}
