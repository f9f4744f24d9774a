# The warehouse: Databricks reads run folders from the lake and keeps its tables there. Left out where none is asked for.

module "databricks" {
  source = "../databricks"
  count  = var.databricks == null ? 0 : 1

  name                     = var.name
  kms_key_arn              = module.kms.key_arn
  bucket_name              = module.lake.bucket_name
  bucket_arn               = module.lake.bucket_arn
  catalog                  = coalesce(var.databricks.catalog, replace(var.name, "-", "_"))
  warehouse                = var.databricks.warehouse
  readers                  = var.databricks.readers
  recovery_days            = local.protected ? 30 : 0
  force_destroy            = !local.protected
  permissions_boundary_arn = var.permissions_boundary_arn
}
