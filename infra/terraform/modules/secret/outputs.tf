# From the versions, so that who reads a secret comes after its text is there.

output "arns" {
  description = "ARNs of the secrets, by short name."
  value       = { for key, version in aws_secretsmanager_secret_version.this : key => version.arn }
}

output "names" {
  description = "Names of the secrets, by short name."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.name }
}
