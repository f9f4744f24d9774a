# The tracker page: a page to try the tracker on, reached under its own host name. Left out where none is named.

module "page" {
  source = "../service"
  count  = var.edge.page_host == null ? 0 : 1

  name                     = var.name
  stage                    = "page"
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  kms_key_arn              = module.kms.key_arn
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
  instance                 = local.stage["page"].instance
  capacity                 = local.stage["page"].capacity
  files                    = local.stage["page"].files
  front                    = { site = "page", console = false, health = local.hosts["page"].health_path, upstream_timeout = 2 } # the page keeps a quiet connection for 5 s
  edge                     = { security_group_id = module.edge.security_group_id, target_group_arn = module.edge.target_group_arns["page"] }

  containers = { page = local.stage["page"].container }
}
