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
  image       = "prom/prometheus:v3.5.0"
}

run "it_scrapes_8125" {
  command = plan

  assert {
    condition     = strcontains(output.user_data, "port: 8125")
    error_message = "the port"
  }

  assert {
    condition     = strcontains(output.user_data, "tag:snowmelt:scrape")
    error_message = "by tag"
  }

  assert {
    condition     = strcontains(output.port_forward_command, "9090")
    error_message = "its page"
  }
}
