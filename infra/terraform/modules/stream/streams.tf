# Records are spread by their keys. Kinesis can spread those of an ON_DEMAND stream itself, which suits keys that mean
# nothing. The AWS provider has no argument for that as of 6.69; a command sets it once, and Terraform leaves it alone:
#   aws kinesis update-stream-record-distribution-strategy --stream-arn ARN --record-distribution-strategy AUTO

resource "aws_kinesis_stream" "this" {
  for_each = var.streams

  name                      = "${var.name}-${each.key}"
  shard_count               = each.value.shards
  retention_period          = each.value.retention_hours
  max_record_size_in_kib    = var.max_record_kib
  encryption_type           = "KMS"
  kms_key_id                = var.kms_key_arn
  enforce_consumer_deletion = true

  stream_mode_details {
    stream_mode = each.value.mode
  }
}
