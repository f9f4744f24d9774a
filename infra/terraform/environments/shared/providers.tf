# Credentials come from the environment, never from a file here.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "snowmelt"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}

provider "databricks" {
  host = var.databricks_host
}
