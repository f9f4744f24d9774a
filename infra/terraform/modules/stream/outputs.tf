output "stream_arns" {
  description = "ARNs of the streams, by short name."
  value       = { for key, stream in aws_kinesis_stream.this : key => stream.arn }
}

output "stream_names" {
  description = "Names of the streams, by short name."
  value       = { for key, stream in aws_kinesis_stream.this : key => stream.name }
}

output "table_arns" {
  description = "ARNs of the lease tables, by short name."
  value       = { for key, table in aws_dynamodb_table.lease : key => table.arn }
}

output "table_names" {
  description = "Names of the lease tables, by short name."
  value       = { for key, table in aws_dynamodb_table.lease : key => table.name }
}
