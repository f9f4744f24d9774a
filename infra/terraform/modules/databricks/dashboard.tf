# What readers see. Each sees it by their own rights: it asks for nothing outside of `derived`.

resource "databricks_dashboard" "this" {
  display_name         = "Visitors (${var.name})"
  parent_path          = databricks_directory.this.path
  warehouse_id         = databricks_sql_endpoint.this.id
  serialized_dashboard = jsonencode(jsondecode(file("${path.module}/files/dashboard.lvdash.json")))
  dataset_catalog      = databricks_catalog.this.name
  dataset_schema       = databricks_schema.this["derived"].name
  embed_credentials    = false
}

resource "databricks_permissions" "dashboard" {
  dashboard_id = databricks_dashboard.this.id

  access_control {
    service_principal_name = databricks_service_principal.pipeline.application_id
    permission_level       = "CAN_READ"
  }

  dynamic "access_control" {
    for_each = local.readers
    content {
      group_name       = access_control.value
      permission_level = "CAN_RUN"
    }
  }
}
