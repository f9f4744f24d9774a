# What everything else stands on: the one key, the network, the topics that alarms go to.

module "kms" {
  source = "../kms"

  name               = var.name
  log_group_prefixes = ["/${var.name}/", "/aws/rds/instance/${var.name}-"]
  alarm_prefix       = "${var.name}-"

  deletion_window_days    = local.protected ? 30 : 7
  create_autoscaling_role = var.create_autoscaling_role
}

module "network" {
  source = "../network"

  name                = var.name
  cidr                = var.network.cidr
  zones               = var.network.zones
  nat                 = var.network.nat
  interface_endpoints = var.network.interface_endpoints
}

module "notify" {
  source = "../notify"

  name        = var.name
  kms_key_arn = module.kms.key_arn
  emails      = var.emails
}

locals {
  protected = var.environment == "prod"
}
