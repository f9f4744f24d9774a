# A topic that fails cannot tell of it, so there are two, and each tells of the other.

locals {
  topics        = { alarms = "${var.name}-alarms", fallback = "${var.name}-fallback" }
  subscriptions = merge([for topic in keys(local.topics) : { for who, email in var.emails : "${topic}/${who}" => { topic = topic, email = email } }]...)
}

resource "aws_sns_topic" "this" {
  for_each = local.topics

  name              = each.value
  kms_master_key_id = var.kms_key_arn # not alias/aws/sns, whose policy does not let CloudWatch in
}

# Each stays pending until the person behind the address confirms the mail that AWS sends.
resource "aws_sns_topic_subscription" "email" {
  for_each = local.subscriptions

  topic_arn = aws_sns_topic.this[each.value.topic].arn
  protocol  = "email"
  endpoint  = each.value.email
}
