# Two locations, so that nothing in Databricks can write where run folders lie. A location is tried when it is made.

locals {
  locations = {
    runs    = { prefix = var.prefixes.runs, read_only = true, comment = "Run folders, which COPY INTO reads." }
    catalog = { prefix = var.prefixes.catalog, read_only = false, comment = "Managed tables of ${var.catalog}." }
  }
}

resource "databricks_external_location" "lake" {
  for_each = local.locations

  name            = "${var.name}-${each.key}"
  comment         = each.value.comment
  url             = "s3://${var.bucket_name}/${each.value.prefix}"
  credential_name = databricks_storage_credential.lake.id
  read_only       = each.value.read_only
  isolation_mode  = "ISOLATION_MODE_ISOLATED"
  force_destroy   = var.force_destroy

  # Not before the role may read. IAM tells the world of a new role within seconds, and the warehouse takes as long to start.
  depends_on = [aws_iam_role_policy.lake, databricks_sql_endpoint.this]
}
