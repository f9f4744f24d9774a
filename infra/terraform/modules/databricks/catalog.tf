resource "databricks_catalog" "this" {
  name           = var.catalog
  comment        = "Events of ${var.name}."
  storage_root   = trimsuffix(databricks_external_location.lake["catalog"].url, "/")
  isolation_mode = "ISOLATED" # this workspace alone
  force_destroy  = var.force_destroy
}

resource "databricks_schema" "this" {
  for_each = var.schemas

  catalog_name  = databricks_catalog.this.name
  name          = each.key
  comment       = each.value
  force_destroy = var.force_destroy
}
