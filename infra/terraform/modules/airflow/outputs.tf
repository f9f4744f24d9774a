output "security_group_id" {
  description = "Security group of the machine."
  value       = module.service.security_group_id
}

output "autoscaling_group_name" {
  description = "Name of the group, as its metrics call it."
  value       = module.service.autoscaling_group_name
}

output "log_group_name" {
  description = "Name of the log group."
  value       = module.service.log_group_name
}

output "role_arn" {
  description = "ARN of the machine's role."
  value       = module.service.role_arn
}

output "user_data" {
  description = "What cloud-init does on the machine, as text. It holds no secret."
  value       = module.service.user_data
}

output "port_forward_command" {
  description = "Brings the pages to http://localhost:8080."
  value       = "aws ssm start-session --target $(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names ${module.service.autoscaling_group_name} --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text) --document-name AWS-StartPortForwardingSession --parameters portNumber=8080,localPortNumber=8080"
}
