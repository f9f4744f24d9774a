output "address" {
  description = "Host name of the server."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port of the server."
  value       = aws_db_instance.this.port
}

output "identifier" {
  description = "Identifier of the instance, as its metrics call it."
  value       = aws_db_instance.this.identifier
}

output "database" {
  description = "Name of the database."
  value       = aws_db_instance.this.db_name
}

output "username" {
  description = "Its owner."
  value       = aws_db_instance.this.username
}

output "security_group_id" {
  description = "Security group of the server."
  value       = aws_security_group.this.id
}

output "allocated_gib" {
  description = "Storage at the start, in GiB."
  value       = aws_db_instance.this.allocated_storage
}

output "max_connections" {
  description = "Connections the server takes."
  value       = var.max_connections
}

output "log_group_name" {
  description = "Log group of the server's log."
  value       = aws_cloudwatch_log_group.this.name
}
