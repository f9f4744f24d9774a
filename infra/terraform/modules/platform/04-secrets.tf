# What nobody may read: made at apply by the provider, written to Secrets Manager, kept in neither plan nor state.

module "secret" {
  source = "../secret"

  name          = var.name
  kms_key_arn   = module.kms.key_arn
  recovery_days = local.protected ? 30 : 0
  values        = var.secret_values
  secrets = {
    iglu-db        = { description = "Password of the registry's database.", generate = true, version = var.databases["iglu"].password_version }
    iglu-api-key   = { description = "The registry's super key, a UUID.", generate = true, form = "uuid" }
    airflow-db     = { description = "Password of Airflow's metadata database.", generate = true, version = var.databases["airflow"].password_version }
    airflow-fernet = { description = "Key that encrypts Airflow's connections.", generate = true, form = "fernet" }
    airflow-api    = { description = "Key that signs Airflow's sessions.", generate = true }
    airflow-jwt    = { description = "Key that signs what Airflow's parts tell each other.", generate = true }
  }
}

module "database" {
  source   = "../registry-db"
  for_each = var.databases

  name                = var.name
  database            = each.key
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.private_subnet_ids
  kms_key_arn         = module.kms.key_arn
  secret_arn          = module.secret.arns["${each.key}-db"]
  password_version    = each.value.password_version
  instance_class      = each.value.instance_class
  allocated_gib       = each.value.allocated_gib
  multi_az            = each.value.multi_az
  backup_days         = each.value.backup_days
  deletion_protection = local.protected
  log_retention_days  = var.log_retention_days
}
