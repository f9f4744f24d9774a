resource "databricks_sql_endpoint" "this" {
  name                      = var.name
  cluster_size              = var.warehouse.size
  auto_stop_mins            = var.warehouse.auto_stop_minutes
  min_num_clusters          = 1
  max_num_clusters          = var.warehouse.max_clusters
  warehouse_type            = "PRO"
  enable_serverless_compute = true # awake within seconds, so that it can sleep between two loads

  tags {
    custom_tags {
      key   = "Project"
      value = var.name
    }
  }
}

resource "databricks_permissions" "warehouse" {
  sql_endpoint_id = databricks_sql_endpoint.this.id

  access_control {
    service_principal_name = databricks_service_principal.pipeline.application_id
    permission_level       = "CAN_USE"
  }

  dynamic "access_control" {
    for_each = local.readers
    content {
      group_name       = access_control.value
      permission_level = "CAN_USE"
    }
  }
}
