output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "load_balancer_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "load_balancer_arn_suffix" {
  description = "The load balancer, as its metrics call it."
  value       = aws_lb.this.arn_suffix
}

output "target_group_arns" {
  description = "ARNs of the target groups, by stage."
  value       = { for key, group in aws_lb_target_group.this : key => group.arn }
}

output "target_group_arn_suffixes" {
  description = "Target groups by stage, as their metrics call them."
  value       = { for key, group in aws_lb_target_group.this : key => group.arn_suffix }
}

output "dns_name" {
  description = "The load balancer's own name."
  value       = aws_lb.this.dns_name
}

output "urls" {
  description = "Addresses of the services, by stage."
  value       = { for key, service in var.services : key => "https://${service.host}" }
}
