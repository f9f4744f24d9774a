output "storage_role_arn" {
  description = "ARN of the role that Unity Catalog takes on."
  value       = aws_iam_role.lake.arn
}

output "catalog" {
  description = "Name of the catalog."
  value       = databricks_catalog.this.name
}

output "warehouse_id" {
  description = "Id of the SQL warehouse."
  value       = databricks_sql_endpoint.this.id
}

output "host" {
  description = "Host name of the workspace, for a connection to the warehouse."
  value       = databricks_sql_endpoint.this.odbc_params[0].hostname
}

output "http_path" {
  description = "HTTP path of the warehouse, for a connection to it."
  value       = databricks_sql_endpoint.this.odbc_params[0].path
}

output "principal_application_id" {
  description = "Application id of the service principal that loads and builds: its user name, and its OAuth client id."
  value       = databricks_service_principal.pipeline.application_id
}

output "secret_arn" {
  description = "ARN of the secret that holds Airflow's connection. It is empty until rotate_secret_command was run."
  value       = aws_secretsmanager_secret.connection.arn
}

output "secret_name" {
  description = "Name of that secret."
  value       = aws_secretsmanager_secret.connection.name
}

output "rotate_secret_command" {
  description = "Makes the principal a new OAuth secret and writes it to Secrets Manager, past plan and state. To be run after the first apply, and again before the secret's 90 days are over."
  value = join(" ", [
    ".venv/bin/python -m scripts.rotate_databricks_secret",
    "--principal ${databricks_service_principal.pipeline.id}",
    "--application ${databricks_service_principal.pipeline.application_id}",
    "--host ${databricks_sql_endpoint.this.odbc_params[0].hostname}",
    "--http-path ${databricks_sql_endpoint.this.odbc_params[0].path}",
    "--catalog ${databricks_catalog.this.name}",
    "--secret ${aws_secretsmanager_secret.connection.name}",
    "--region ${data.aws_region.current.region}",
  ])
}

output "run_location" {
  description = "Where run folders are read."
  value       = databricks_external_location.lake["runs"].url
}

output "notebook_path" {
  description = "Path of the dashboard's notebook in the workspace."
  value       = databricks_notebook.dashboard.path
}

output "job_id" {
  description = "Id of the job that draws the notebook again."
  value       = databricks_job.refresh_dashboard.id
}

output "dashboard_id" {
  description = "Id of the dashboard."
  value       = databricks_dashboard.this.id
}
