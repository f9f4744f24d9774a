# SQS, and the topics by which all of this is told.

locals {
  queue_alarms = merge(
    { for key, queue in var.queues : "oldest-message-${key}" => {
      description = "A message waits in ${queue.name} for ${local.thresholds.queue_age_rounds} rounds of loading. See docs/runbooks/failed-load.md."
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      dimensions  = { QueueName = queue.name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 1
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.queue_age_rounds * queue.load_interval_seconds
    } },
    { for key, queue in var.queues : "visible-messages-${key}" => {
      description = "Too many messages wait in ${queue.name}: loading does not keep up. See docs/runbooks/failed-load.md."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = queue.name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.queue_visible
    } },
    { for key, queue in var.queues : "in-flight-messages-${key}" => {
      description = "${queue.name} nears the number of messages that may be handed out at once: its reader takes them and does not delete them. Read its log."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesNotVisible"
      dimensions  = { QueueName = queue.name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.queue_in_flight
    } },
    { for key, queue in var.queues : "dead-letters-${key}" => {
      description = "A run folder failed to load again and again and is in ${queue.dead_letter_name}. See docs/runbooks/failed-load.md."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = queue.dead_letter_name }
      statistic   = "Maximum"
      seconds     = 300
      periods     = 1
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.dead_letters
    } },
  )

  # Each topic's failures are told by the other one.
  topics = {
    alarms   = { name = var.topic_name, told_by = var.fallback_topic_arn }
    fallback = { name = var.fallback_topic_name, told_by = var.topic_arn }
  }
  topic_alarms = { for key, topic in local.topics : "notifications-failed-${key}" => {
    description = "${topic.name} could not deliver a message: the other alarms may be silent. Look at its subscriptions and its key's policy."
    namespace   = "AWS/SNS"
    metric      = "NumberOfNotificationsFailed"
    dimensions  = { TopicName = topic.name }
    statistic   = "Sum"
    seconds     = 300
    periods     = 1
    operator    = "GreaterThanThreshold"
    threshold   = local.thresholds.failed_notifications
    topic_arn   = topic.told_by
  } }
}
