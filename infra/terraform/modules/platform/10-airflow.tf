# Airflow: loads what the queue tells of, builds the models, checks them, refreshes the dashboard.

module "airflow" {
  source = "../airflow"

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  image                    = var.stages["airflow"].image
  instance_type            = var.stages["airflow"].instance_type
  environment              = local.environments["airflow"]
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  topic_arn                = module.notify.topic_arn
  loads                    = { arn = module.loads.queue_arn, url = module.loads.queue_url }
  lake                     = { name = module.lake.bucket_name, arn = module.lake.bucket_arn }

  database = {
    address             = module.database["airflow"].address
    port                = module.database["airflow"].port
    name                = module.database["airflow"].database
    username            = module.database["airflow"].username
    security_group_id   = module.database["airflow"].security_group_id
    password_secret_arn = module.secret.arns["airflow-db"]
  }
  keys = {
    fernet = module.secret.arns["airflow-fernet"]
    api    = module.secret.arns["airflow-api"]
    jwt    = module.secret.arns["airflow-jwt"]
  }
}
