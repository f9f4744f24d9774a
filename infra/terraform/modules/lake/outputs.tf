output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "metrics_filter_id" {
  description = "Name of the filter whose request metrics count the whole bucket."
  value       = aws_s3_bucket_metric.this.name
}
