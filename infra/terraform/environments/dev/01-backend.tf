# Where the state lies. The bucket is named at `terraform init -backend-config=backend.hcl`; a lock file beside the state
# keeps two applies apart.

terraform {
  required_version = ">= 1.11, < 2.0"

  backend "s3" {
    key          = "snowmelt/dev/terraform.tfstate"
    use_lockfile = true
    encrypt      = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.69"
    }
    databricks = {
      source  = "databricks/databricks"
      version = "~> 1.138"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.9"
    }
  }
}
