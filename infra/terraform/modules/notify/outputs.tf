output "topic_arn" {
  description = "Where alarms go."
  value       = aws_sns_topic.this["alarms"].arn
}

output "topic_name" {
  description = "That topic's name."
  value       = aws_sns_topic.this["alarms"].name
}

output "fallback_topic_arn" {
  description = "Where the alarm on the first topic goes."
  value       = aws_sns_topic.this["fallback"].arn
}

output "fallback_topic_name" {
  description = "That topic's name."
  value       = aws_sns_topic.this["fallback"].name
}

output "pending" {
  description = "What has to be done by hand."
  value       = "Each of ${join(", ", sort(values(var.emails)))} has to confirm two mails from AWS; until then no alarm reaches it."
}
