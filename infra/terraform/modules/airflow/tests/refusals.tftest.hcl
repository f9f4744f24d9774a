# What is refused at plan, each with a sentence that names the variable.

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

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "key" {
  command         = plan
  expect_failures = [var.kms_key_arn]

  variables {
    kms_key_arn = "alias/aws/sqs"
  }
}

run "image" {
  command         = plan
  expect_failures = [var.image]

  variables {
    image = "snowmelt"
  }
}
