locals {
  address = "postgresql+psycopg://${var.database.username}@${var.database.address}:${var.database.port}/${var.database.name}?sslmode=require"
  telemetry_off = {
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED = "False"
    AIRFLOW__COSMOS__ENABLE_TELEMETRY       = "False"
    DBT_SEND_ANONYMOUS_USAGE_STATS          = "false"
    DO_NOT_TRACK                            = "1"
    GX_ANALYTICS_ENABLED                    = "false"
    SCARF_ANALYTICS                         = "false"
  }

  environment = merge(local.telemetry_off, {
    AIRFLOW_HOME                                  = "/data/airflow"
    AIRFLOW__CORE__EXECUTOR                       = "LocalExecutor"
    AIRFLOW__CORE__LOAD_EXAMPLES                  = "False"
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS = "True" # reached by Session Manager alone, which has asked who it is
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL       = "http://127.0.0.1:8080/execution/"
    AIRFLOW__API__HOST                            = "127.0.0.1"
    AIRFLOW__API__PORT                            = "8080"
    AIRFLOW__API__BASE_URL                        = "http://localhost:8080"
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN           = local.address
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC     = local.address
    AIRFLOW__LOGGING__LOG_FORMAT                  = "%(asctime)s %(levelname)s %(name)s %(message)s" # else it writes [error], which no filter finds
    AIRFLOW__LOGGING__REMOTE_LOGGING              = "True"
    AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER      = "cloudwatch://${local.log_group}"
    AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID          = "aws_default"
    AIRFLOW_CONN_AWS_DEFAULT                      = "aws://" # the machine's role
    AIRFLOW__SECRETS__BACKEND                     = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    AIRFLOW__SECRETS__BACKEND_KWARGS = jsonencode({
      connections_prefix = "${var.name}/airflow/connections"
      variables_prefix   = null
      config_prefix      = null
    })
    SNOWMELT_NOTIFY_SNS_TOPIC = var.topic_arn
  }, var.environment)
}
