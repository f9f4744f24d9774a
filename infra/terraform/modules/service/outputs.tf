output "autoscaling_group_name" {
  description = "Name of the group, as its metrics call it."
  value       = aws_autoscaling_group.this.name
}

output "security_group_id" {
  description = "Security group of the machines."
  value       = aws_security_group.this.id
}

output "role_arn" {
  description = "ARN of the machines' role."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the machines' role."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "log_group_arn" {
  description = "ARN of the log group."
  value       = aws_cloudwatch_log_group.this.arn
}

output "launch_template_id" {
  description = "The launch template."
  value       = aws_launch_template.this.id
}

output "user_data" {
  description = "What cloud-init does on a new machine, as text. It holds no secret."
  value       = local.user_data
}
