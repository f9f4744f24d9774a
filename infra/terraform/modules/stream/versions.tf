# Kinesis streams on the customer managed key, and the DynamoDB tables in which consumers keep their leases.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
