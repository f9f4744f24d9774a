# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
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

run "four_parts" {
  command = plan

  assert {
    condition     = alltrue([for part in ["api-server", "scheduler", "dag-processor", "triggerer"] : strcontains(output.user_data, "snowmelt-${part}.service")])
    error_message = "four units"
  }

  assert {
    condition     = strcontains(output.user_data, "airflow@db.example.com:5432/airflow")
    error_message = "no password in the address"
  }

  assert {
    condition     = strcontains(output.port_forward_command, "AWS-StartPortForwardingSession")
    error_message = "reached by Session Manager"
  }
}
