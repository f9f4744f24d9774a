# Iglu: the registry of schemas. Enrich asks it what an event may look like.

module "iglu" {
  source = "../service"

  name                     = var.name
  stage                    = "iglu"
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  instance                 = local.stage["iglu"].instance
  capacity                 = local.stage["iglu"].capacity
  files                    = local.stage["iglu"].files
  front                    = { site = "iglu", health = local.hosts["iglu"].health_path, body_limit = 1048576, upstream_timeout = 15 } # as the registry's own
  edge                     = { security_group_id = module.edge.security_group_id, target_group_arn = module.edge.target_group_arns["iglu"] }
  database                 = { security_group_id = module.database["iglu"].security_group_id, port = module.database["iglu"].port }

  containers = {
    iglu = merge(local.stage["iglu"].container, {
      secrets = {
        SNOWMELT_IGLU_DATABASE__PASSWORD = module.secret.arns["iglu-db"]
        SNOWMELT_IGLU_SUPER_API_KEY      = module.secret.arns["iglu-api-key"]
      }
    })
  }
}
