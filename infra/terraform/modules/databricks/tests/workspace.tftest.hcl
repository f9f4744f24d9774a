# What the workspace shows and runs. Mocked, so that it also runs with the real providers and no account.

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

run "notebook_has_cells_and_reads_this_catalog" {
  command = plan

  assert {
    condition     = startswith(base64decode(databricks_notebook.dashboard.content_base64), "# Databricks notebook source\n")
    error_message = "without that line Databricks takes the whole file for one cell"
  }
  assert {
    condition     = length(regexall("# COMMAND ----------", base64decode(databricks_notebook.dashboard.content_base64))) > 5
    error_message = "the cells are not parted"
  }
  assert {
    condition     = strcontains(base64decode(databricks_notebook.dashboard.content_base64), "\ndatabase = \"snowmelt_dev\"")
    error_message = "the notebook reads another catalog"
  }
}

run "nothing_runs_unasked" {
  command = plan

  assert {
    condition     = length(databricks_job.refresh_dashboard.schedule) == 0
    error_message = "the job has a schedule that nobody asked for"
  }
}

run "runs_at_a_time_when_asked" {
  command = plan

  variables {
    refresh_cron = "0 0 6 * * ?"
  }
  assert {
    condition     = databricks_job.refresh_dashboard.schedule[0].quartz_cron_expression == "0 0 6 * * ?"
    error_message = "the job's schedule is another one"
  }
}
