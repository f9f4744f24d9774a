# The whole platform: one call of this module is one environment.
#
# The numbered files follow an event: keys and network, the edge, streams and lake, then the stages in the order in which
# they see it, then what watches all of them.

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
    random = {
      source  = "hashicorp/random"
      version = ">= 3.7, < 4.0"
    }
  }
}
