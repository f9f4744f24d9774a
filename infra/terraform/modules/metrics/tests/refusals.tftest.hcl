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
  image       = "prom/prometheus:v3.5.0"
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
    image = "prometheus"
  }
}

run "retention" {
  command         = plan
  expect_failures = [var.retention]

  variables {
    retention = "a month"
  }
}

run "remote_write" {
  command         = plan
  expect_failures = [var.remote_write]

  variables {
    remote_write = { url = "http://x", workspace_arn = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1" }
  }
}
