# Who loads and builds. Its OAuth secret is no resource: databricks_service_principal_secret would write it into the state.
# Here is only the place where it is kept; the command in the output `rotate_secret_command` fills it. See ADR 8.

resource "databricks_service_principal" "pipeline" {
  display_name          = "${var.name}-pipeline"
  databricks_sql_access = true
  workspace_access      = true # a job runs as it
}

resource "aws_secretsmanager_secret" "connection" {
  name                    = "${var.name}/airflow/connections/${var.connection}"
  description             = "Airflow's connection to Databricks, with the OAuth secret of ${var.name}-pipeline."
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}

module "guard" {
  source = "../guard"

  actions   = ["secretsmanager:*"]
  resources = ["*"] # in a secret's policy: this secret
}

resource "aws_secretsmanager_secret_policy" "connection" {
  secret_arn          = aws_secretsmanager_secret.connection.arn
  policy              = module.guard.json
  block_public_policy = true
}
