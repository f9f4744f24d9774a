locals {
  # The actions AWS documents for a stream's policy, each by its name. A fan-out consumer has a policy of its own.
  # https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
  actions = [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
  ]
}

module "stream_guard" {
  source   = "../guard"
  for_each = var.streams

  actions   = local.actions
  resources = [aws_kinesis_stream.this[each.key].arn]
}

resource "aws_kinesis_resource_policy" "this" {
  for_each = var.streams

  resource_arn = aws_kinesis_stream.this[each.key].arn
  policy       = module.stream_guard[each.key].json
}
