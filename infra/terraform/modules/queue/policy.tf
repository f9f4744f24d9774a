locals {
  queues = { live = aws_sqs_queue.this, dead = aws_sqs_queue.dead }
}

module "guard" {
  source   = "../guard"
  for_each = local.queues

  actions   = ["sqs:*"]
  resources = [each.value.arn]
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = each.value.id
  policy    = module.guard[each.key].json
}
