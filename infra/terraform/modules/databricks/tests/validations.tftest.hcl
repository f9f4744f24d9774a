# Each wrong input is told at plan, by the variable's name.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

mock_provider "databricks" {
  override_during = plan
}

variables {
  name        = "snowmelt-dev"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  bucket_name = "acme-snowmelt-lake"
  bucket_arn  = "arn:aws:s3:::acme-snowmelt-lake"
  catalog     = "snowmelt_dev"
}

run "name" {
  command = plan

  variables {
    name = "Snowmelt"
  }
  expect_failures = [var.name]
}

run "kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "alias/aws/s3"
  }
  expect_failures = [var.kms_key_arn]
}

run "bucket_with_a_dot" {
  command = plan

  variables {
    bucket_name = "acme.lake"
  }
  expect_failures = [var.bucket_name]
}

run "bucket_arn" {
  command = plan

  variables {
    bucket_arn = "acme-lake"
  }
  expect_failures = [var.bucket_arn]
}

run "prefix_without_slash" {
  command = plan

  variables {
    prefixes = { runs = "runs" }
  }
  expect_failures = [var.prefixes]
}

run "prefixes_in_each_other" {
  command = plan

  variables {
    prefixes = { runs = "lake/", catalog = "lake/catalog/" }
  }
  expect_failures = [var.prefixes]
}

run "catalog_with_a_hyphen" {
  command = plan

  variables {
    catalog = "snowmelt-dev"
  }
  expect_failures = [var.catalog]
}

run "catalog_taken" {
  command = plan

  variables {
    catalog = "main"
  }
  expect_failures = [var.catalog]
}

run "schemas_without_derived" {
  command = plan

  variables {
    schemas = { atomic = "events" }
  }
  expect_failures = [var.schemas]
}

run "schema_name" {
  command = plan

  variables {
    schemas = { atomic = "a", derived = "d", "my-own" = "m" }
  }
  expect_failures = [var.schemas]
}

run "warehouse_size" {
  command = plan

  variables {
    warehouse = { size = "Tiny" }
  }
  expect_failures = [var.warehouse]
}

run "warehouse_never_sleeps" {
  command = plan

  variables {
    warehouse = { auto_stop_minutes = 0 }
  }
  expect_failures = [var.warehouse]
}

run "warehouse_clusters" {
  command = plan

  variables {
    warehouse = { max_clusters = 0 }
  }
  expect_failures = [var.warehouse]
}
