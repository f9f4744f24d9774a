# The warehouse in Databricks: a catalog in the lake's bucket, a warehouse that sleeps, and who may do what there.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    databricks = {
      source  = "databricks/databricks"
      version = ">= 1.100, < 2.0"
    }
  }
}
