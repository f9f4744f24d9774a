# A PostgreSQL on RDS, encrypted, without a public address, whose password is in no plan and no state.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
