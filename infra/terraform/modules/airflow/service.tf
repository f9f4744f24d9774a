data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  at          = "${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  connections = "arn:${data.aws_partition.current.partition}:secretsmanager:${local.at}:secret:${var.name}/airflow/connections/*"
  log_group   = "arn:${data.aws_partition.current.partition}:logs:${local.at}:log-group:/${var.name}/airflow"

  parts = {
    api-server    = ["airflow", "api-server"]
    scheduler     = ["airflow", "scheduler", "--skip-serve-logs"]
    dag-processor = ["airflow", "dag-processor"]
    triggerer     = ["airflow", "triggerer", "--skip-serve-logs"]
  }
}

module "service" {
  source = "../service"

  name                     = var.name
  stage                    = "airflow"
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  kms_key_arn              = var.kms_key_arn
  instance                 = { type = var.instance_type, root_gib = 40 }
  capacity                 = { min = 1, max = 1, desired = 1 }
  database                 = { security_group_id = var.database.security_group_id, port = var.database.port }
  data_volume              = { gib = 20, mount = "/data" }
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn

  containers = { for part, command in local.parts : part => {
    image       = var.image
    command     = command
    environment = local.environment
    secrets = {
      PGPASSWORD                    = var.database.password_secret_arn # libpq reads it, so that no address holds it
      AIRFLOW__CORE__FERNET_KEY     = var.keys.fernet
      AIRFLOW__API__SECRET_KEY      = var.keys.api
      AIRFLOW__API_AUTH__JWT_SECRET = var.keys.jwt
    }
    # The tables are made by the part that starts first; Airflow itself keeps two migrations apart.
    before = part == "api-server" ? [["airflow", "db", "migrate"]] : [["airflow", "db", "check-migrations", "--migration-wait-timeout", "300"]]
  } }

  permissions = {
    DrainQueue = {
      actions   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      resources = [var.loads.arn]
    }
    ReadLake = {
      actions   = ["s3:GetObject"]
      resources = ["${var.lake.arn}/*"]
    }
    ListLake = {
      actions   = ["s3:ListBucket"]
      resources = [var.lake.arn]
    }
    ReadConnections = {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [local.connections]
    }
    TellFailures = {
      actions   = ["sns:Publish"]
      resources = [var.topic_arn]
    }
    ReadTaskLogs = {
      actions   = ["logs:GetLogEvents"]
      resources = ["${local.log_group}:log-stream:*"]
    }
    FindLogGroup = {
      actions   = ["logs:DescribeLogGroups"] # a listing, which knows no resource
      resources = ["*"]
    }
  }
  kms_via = {
    DrainQueue      = { actions = ["kms:Decrypt"], services = ["sqs"] }
    ReadLake        = { actions = ["kms:Decrypt"], services = ["s3"], context = { "aws:s3:arn" = [var.lake.arn] } }
    ReadConnections = { actions = ["kms:Decrypt"], services = ["secretsmanager"], context = { SecretARN = [local.connections] } }
    TellFailures    = { actions = ["kms:Decrypt", "kms:GenerateDataKey"], services = ["sns"] }
  }
}
