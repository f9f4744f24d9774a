# The one door from the internet: a load balancer that knows its services by host name.

locals {
  hosts = merge(
    {
      collector = { host = var.edge.collector_host, priority = 10, health_path = "/health" }
      iglu      = { host = var.edge.iglu_host, priority = 20, health_path = "/api/meta/health" }
    },
    var.edge.page_host == null ? {} : {
      page = { host = var.edge.page_host, priority = 30, health_path = "/health" }
    },
  )
}

module "edge" {
  source = "../edge"

  name                = var.name
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.public_subnet_ids
  services            = local.hosts
  certificate_arn     = var.edge.certificate_arn
  zone_id             = var.edge.zone_id
  access_logs_bucket  = var.edge.access_logs_bucket
  deletion_protection = coalesce(var.edge.deletion_protection, local.protected)
}
