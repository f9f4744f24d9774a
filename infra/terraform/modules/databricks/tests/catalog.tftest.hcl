# What is made of given inputs. Mocked, so that it also runs with the real providers and no account.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-west-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/snowmelt-dev-databricks", id = "snowmelt-dev-databricks" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt-dev/airflow/connections/x-AbCdEf" }
  }
}

mock_provider "databricks" {
  override_during = plan

  mock_resource "databricks_storage_credential" {
    defaults = {
      id = "snowmelt-dev-lake"
    }
  }
  mock_resource "databricks_sql_endpoint" {
    defaults = {
      id          = "0123456789abcdef"
      odbc_params = [{ hostname = "dbc.example.com", path = "/sql/1.0/warehouses/0123456789abcdef", port = 443, protocol = "https" }]
    }
  }
  mock_resource "databricks_service_principal" {
    defaults = { id = "4711", application_id = "01234567-89ab-cdef-0123-456789abcdef" }
  }
}

variables {
  name        = "snowmelt-dev"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  bucket_name = "acme-snowmelt-lake"
  bucket_arn  = "arn:aws:s3:::acme-snowmelt-lake"
  catalog     = "snowmelt_dev"
  readers     = ["analysts"]
}

run "credential_names_the_role_before_it_is_there" {
  command = plan

  assert {
    condition     = databricks_storage_credential.lake.aws_iam_role[0].role_arn == "arn:aws:iam::123456789012:role/snowmelt-dev-databricks"
    error_message = "the credential names another role than the one that is made"
  }
  assert {
    condition     = databricks_storage_credential.lake.skip_validation && databricks_storage_credential.lake.isolation_mode == "ISOLATION_MODE_ISOLATED"
    error_message = "the credential is tried before its role is there, or is open to other workspaces"
  }
}

run "run_folders_are_only_read" {
  command = plan

  assert {
    condition     = databricks_external_location.lake["runs"].read_only && databricks_external_location.lake["runs"].url == "s3://acme-snowmelt-lake/runs/"
    error_message = "run folders could be written"
  }
  assert {
    condition     = !databricks_external_location.lake["catalog"].read_only && databricks_catalog.this.storage_root == "s3://acme-snowmelt-lake/catalog"
    error_message = "the catalog does not keep its tables in its own location"
  }
}

run "warehouse_sleeps" {
  command = plan

  assert {
    condition     = databricks_sql_endpoint.this.enable_serverless_compute && databricks_sql_endpoint.this.auto_stop_mins == 5
    error_message = "the warehouse is not serverless, or does not stop"
  }
}

run "principal_gets_what_it_needs" {
  command = plan

  assert {
    condition     = databricks_grant.catalog["principal"].privileges == toset(["CREATE_SCHEMA", "USE_CATALOG"])
    error_message = "the principal's rights on the catalog are others"
  }
  assert {
    condition     = alltrue([for grant in databricks_grant.schema : grant.privileges == toset(["CREATE_TABLE", "USE_SCHEMA"])]) && keys(databricks_grant.schema) == ["atomic", "derived", "quality"]
    error_message = "the principal's rights on a schema are others"
  }
  assert {
    condition     = databricks_grant.runs.privileges == toset(["READ_FILES"])
    error_message = "the principal may do more with run folders than read them"
  }
}

run "readers_see_derived_alone" {
  command = plan

  assert {
    condition     = databricks_grant.readers["analysts"].privileges == toset(["SELECT", "USE_SCHEMA"])
    error_message = "readers may do other things than select"
  }
  assert {
    condition     = databricks_grant.catalog["reader-analysts"].privileges == toset(["USE_CATALOG"])
    error_message = "readers may do other things in the catalog than use it"
  }
  assert {
    condition     = !databricks_dashboard.this.embed_credentials
    error_message = "the dashboard lends readers the rights of who published it"
  }
}

run "nobody_but_the_principal_without_readers" {
  command = plan

  variables {
    readers = []
  }
  assert {
    condition     = keys(databricks_grant.catalog) == ["principal"] && length(databricks_grant.readers) == 0
    error_message = "somebody else got rights"
  }
}
