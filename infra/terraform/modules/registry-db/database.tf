ephemeral "aws_secretsmanager_secret_version" "password" {
  secret_id = var.secret_arn
}

locals {
  identifier = "${var.name}-${var.database}"
}

resource "aws_db_instance" "this" {
  identifier     = local.identifier
  engine         = "postgres"
  engine_version = var.engine_version
  instance_class = var.instance_class

  db_name             = var.database
  username            = var.database
  password_wo         = ephemeral.aws_secretsmanager_secret_version.password.secret_string
  password_wo_version = var.password_version

  storage_type          = "gp3"
  allocated_storage     = var.allocated_gib
  max_allocated_storage = var.max_allocated_gib
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn # another key would mean another instance

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  port                   = 5432
  publicly_accessible    = false
  multi_az               = var.multi_az
  ca_cert_identifier     = var.ca_certificate
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period     = var.backup_days
  copy_tags_to_snapshot       = true
  delete_automated_backups    = !var.deletion_protection
  deletion_protection         = var.deletion_protection
  skip_final_snapshot         = !var.deletion_protection
  final_snapshot_identifier   = coalesce(var.final_snapshot, "${local.identifier}-final")
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = var.allow_major_upgrade
  apply_immediately           = false

  # Enhanced monitoring stays off: it writes to RDSOSMetrics, one log group for all of the account, which is not ours to encrypt.
  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.kms_key_arn
  enabled_cloudwatch_logs_exports = ["postgresql"]

  depends_on = [aws_cloudwatch_log_group.this] # RDS would make it without key and retention
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${local.identifier}-"
  family      = "postgres${var.engine_version}"
  description = "${local.identifier}: TLS only, and a known number of connections"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name         = "max_connections"
    value        = tostring(var.max_connections)
    apply_method = "pending-reboot"
  }
  parameter {
    name  = "log_min_messages"
    value = "error" # so that a line of the alarm's pattern is an error of the server
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Its name is the one that RDS writes to.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/rds/instance/${local.identifier}/postgresql"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
