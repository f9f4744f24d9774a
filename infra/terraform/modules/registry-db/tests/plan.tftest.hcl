# What is planned.

# Not mocked: Terraform cannot mock what is ephemeral.
provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "snowmelt-test"
  database    = "iglu"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

# The module reads the password back from its secret, so there has to be one.
run "secret" {
  module {
    source = "../secret"
  }

  variables {
    secrets = { db = { description = "A database.", generate = true } }
    values  = {} # said, because Terraform holds an ephemeral default for unset here
  }
}

run "a_private_database" {
  command = plan

  variables {
    secret_arn = run.secret.arns["db"]
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible
    error_message = "encrypted and private"
  }

  assert {
    condition     = aws_db_instance.this.kms_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    error_message = "on the key"
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot
    error_message = "kept"
  }

  assert {
    condition     = aws_db_instance.this.password_wo_version == 1
    error_message = "a password that nothing keeps"
  }

  assert {
    condition     = anytrue([for parameter in aws_db_parameter_group.this.parameter : parameter.name == "rds.force_ssl" && parameter.value == "1"])
    error_message = "TLS only"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/rds/instance/snowmelt-test-iglu/postgresql"
    error_message = "the log group RDS writes to"
  }
}
