output "urls" {
  description = "Where the platform is reached, by stage."
  value       = module.edge.urls
}

output "load_balancer" {
  description = "The load balancer's own name: what the hosts' CNAME records point to where no zone was named."
  value       = module.edge.dns_name
}

output "streams" {
  description = "Names of the streams, by kind."
  value       = module.stream.stream_names
}

output "lake" {
  description = "Name of the lake's bucket."
  value       = module.lake.bucket_name
}

output "queue" {
  description = "Address of the queue that tells of finished run folders."
  value       = module.loads.queue_url
}

output "secrets" {
  description = "Names of the secrets, by what they are for. Their values are in Secrets Manager alone."
  value       = module.secret.names
}

output "key_arn" {
  description = "The key that everything is encrypted with."
  value       = module.kms.key_arn
}

output "roles" {
  description = "ARNs of the stages' roles."
  value = merge(
    { for key, stage in local.stages : key => stage.role_arn },
    { airflow = module.airflow.role_arn, prometheus = module.metrics.role_arn },
  )
}

output "consoles" {
  description = "Commands that bring a private page to this machine through Session Manager."
  value = {
    airflow    = module.airflow.port_forward_command
    prometheus = module.metrics.port_forward_command
  }
}

output "alarms" {
  description = "How many alarms there are, and what their mails wait for."
  value = {
    count   = module.alarms.catalogue_size
    pending = module.notify.pending
  }
}

output "databricks" {
  description = "The warehouse, and the command that gives its principal a secret after the first apply. Null without Databricks."
  value = one([for side in module.databricks : {
    catalog        = side.catalog
    host           = side.host
    http_path      = side.http_path
    role_arn       = side.storage_role_arn
    rotate_command = side.rotate_secret_command
  }])
}
