# Each grant adds to what others may have been given; none takes away. Who makes a table owns it, so the principal needs no
# right on tables: it makes all of them.

locals {
  readers = { for group in var.readers : group => group }
  # "create schema if not exists", which the loader and dbt say, is refused without CREATE_SCHEMA even where the schema is there.
  on_catalog = merge(
    { principal = { name = databricks_service_principal.pipeline.application_id, privileges = ["CREATE_SCHEMA", "USE_CATALOG"] } },
    { for group in var.readers : "reader-${group}" => { name = group, privileges = ["USE_CATALOG"] } },
  )
}

resource "databricks_grant" "catalog" {
  for_each = local.on_catalog

  catalog    = databricks_catalog.this.name
  principal  = each.value.name
  privileges = each.value.privileges
}

resource "databricks_grant" "schema" {
  for_each = databricks_schema.this

  schema     = each.value.id
  principal  = databricks_service_principal.pipeline.application_id
  privileges = ["CREATE_TABLE", "USE_SCHEMA"]
}

resource "databricks_grant" "runs" {
  external_location = databricks_external_location.lake["runs"].id
  principal         = databricks_service_principal.pipeline.application_id
  privileges        = ["READ_FILES"]
}

resource "databricks_grant" "readers" {
  for_each = local.readers

  schema     = databricks_schema.this["derived"].id
  principal  = each.value
  privileges = ["SELECT", "USE_SCHEMA"]
}
