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

  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == "snowmelt-test-iglu-final" && aws_db_instance.this.ca_cert_identifier == "rds-ca-rsa2048-g1"
    error_message = "a snapshot when it goes, a certificate that can be verified"
  }

  assert {
    condition     = aws_db_instance.this.performance_insights_kms_key_id == aws_db_instance.this.kms_key_id && aws_cloudwatch_log_group.this.kms_key_id == aws_db_instance.this.kms_key_id
    error_message = "what it tells of itself is on the key too"
  }

  assert {
    condition     = anytrue([for parameter in aws_db_parameter_group.this.parameter : parameter.name == "max_connections" && parameter.value == tostring(output.max_connections)])
    error_message = "the number that the alarm goes by is the one that holds"
  }

  assert {
    condition     = output.port == 5432 && output.username == "iglu" && output.allocated_gib == 20 && output.log_group_name == aws_cloudwatch_log_group.this.name
    error_message = "what others ask of it"
  }

  assert {
    condition     = aws_db_instance.this.storage_type == "gp3" && !aws_db_instance.this.allow_major_version_upgrade && aws_db_instance.this.auto_minor_version_upgrade
    error_message = "only small upgrades come by themselves"
  }
}

run "a_database_to_throw_away" {
  command = plan

  variables {
    secret_arn          = run.secret.arns["db"]
    deletion_protection = false
    final_snapshot      = "snowmelt-test-iglu-final-2"
    engine_version      = "16"
    allow_major_upgrade = true
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot
    error_message = "goes without a trace"
  }

  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == "snowmelt-test-iglu-final-2"
    error_message = "a name that is not taken"
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "postgres16" && aws_db_instance.this.engine_version == "16"
    error_message = "parameters of its version"
  }
}
