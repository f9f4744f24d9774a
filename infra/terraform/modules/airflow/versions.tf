# Airflow on one private machine: four parts of one image, metadata in PostgreSQL, pages only through Session Manager.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
