# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name              = "snowmelt-test"
  vpc_id            = "vpc-0123456789abcdef0"
  public_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  services          = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "iglu.example.com", priority = 20, health_path = "/api/meta/health" } }
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "one_subnet" {
  command         = plan
  expect_failures = [var.public_subnet_ids]

  variables {
    public_subnet_ids = ["subnet-0123456789abcdef0"]
  }
}

run "host" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "https://iglu", priority = 20, health_path = "/api/meta/health" } }
  }
}

run "same_priority" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "iglu.example.com", priority = 10, health_path = "/api/meta/health" } }
  }
}

run "same_host" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "collector.example.com", priority = 20, health_path = "/api/meta/health" } }
  }
}

run "long" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, a-registry-of-long-name = { host = "iglu.example.com", priority = 20, health_path = "/api/meta/health" } }
  }
}

run "no_certificate" {
  command         = plan
  expect_failures = [var.certificate_arn]

  variables {
    certificate_arn = null
  }
}

run "two_certificates" {
  command         = plan
  expect_failures = [var.certificate_arn]

  variables {
    zone_id = "Z0123456789ABCDEFGHIJ"
  }
}

run "old_tls" {
  command         = plan
  expect_failures = [var.ssl_policy]

  variables {
    ssl_policy = "ELBSecurityPolicy-2016-08"
  }
}
