# Prometheus, which scrapes what the stages publish on port 8125.

module "metrics" {
  source = "../metrics"

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  image                    = var.stages["prometheus"].image
  instance_type            = var.stages["prometheus"].instance_type
  remote_write             = var.remote_write
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
}
