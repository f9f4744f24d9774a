# Airflow beside a database, a queue and a lake that are there.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "airflow" {
  source = "../.."

  name        = "snowmelt-example"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  image       = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0"
  database    = { address = "db.example.com", port = 5432, name = "airflow", username = "airflow", security_group_id = "sg-0123456789abcdef0", password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt-test/db-AbCdEf" }
  keys        = { fernet = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt-test/db-AbCdEf", api = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt-test/db-AbCdEf", jwt = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt-test/db-AbCdEf" }
  loads       = { arn = "arn:aws:sqs:eu-west-1:123456789012:snowmelt-test-loads.fifo", url = "https://sqs.eu-west-1.amazonaws.com/123456789012/snowmelt-test-loads.fifo" }
  lake        = { name = "lake", arn = "arn:aws:s3:::lake" }
  topic_arn   = "arn:aws:sns:eu-west-1:123456789012:snowmelt-test-alarms"
}

output "port_forward_command" {
  description = "As the module gives it."
  value       = module.airflow.port_forward_command
}
