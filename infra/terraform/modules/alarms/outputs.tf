output "names" {
  description = "Names of the alarms, by what they watch."
  value       = { for key, alarm in aws_cloudwatch_metric_alarm.this : key => alarm.alarm_name }
}

output "catalogue_size" {
  description = "How many alarms there are."
  value       = length(local.catalogue)
}
