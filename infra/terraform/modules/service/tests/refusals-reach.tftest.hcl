# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  stage       = "collector"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  containers  = { app = { image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0", command = ["snowmelt", "collector"], environment = { A = "100 % $x" } } }
}

run "no_console" {
  command         = plan
  expect_failures = [var.front]

  variables {
    front = { site = "page" }
  }
}

run "health" {
  command         = plan
  expect_failures = [var.front]

  variables {
    front = { site = "collector", health = "health" }
  }
}

run "edge_without_front" {
  command         = plan
  expect_failures = [var.edge]

  variables {
    edge = { security_group_id = "sg-0123456789abcdef0", target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/collector/0123456789abcdef" }
  }
}

run "wildcard" {
  command         = plan
  expect_failures = [var.permissions]

  variables {
    permissions = { All = { actions = ["kinesis:*"], resources = ["*"] } }
  }
}
