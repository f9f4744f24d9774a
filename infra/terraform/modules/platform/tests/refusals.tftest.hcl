# What is refused at plan, each with a sentence that names the variable.

# Not mocked: Terraform cannot mock what is ephemeral.
provider "aws" {
  region = "eu-west-1"
}
mock_provider "databricks" {
}

variables {
  name        = "snowmelt-test"
  environment = "dev"
  emails      = { ops = "ops@example.com" }
  edge        = { collector_host = "collector.example.com", iglu_host = "iglu.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef" }
  stages      = { collector = { image = "snowmelt:1" }, iglu = { image = "snowmelt:1" }, enrich = { image = "snowmelt:1" }, airflow = { image = "snowmelt:1" }, prometheus = { image = "prom/prometheus:v3.5.0" } }
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "environment" {
  command         = plan
  expect_failures = [var.environment]

  variables {
    environment = "staging"
  }
}

run "nobody" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = {}
  }
}

run "host" {
  command         = plan
  expect_failures = [var.edge]

  variables {
    edge = { collector_host = "collector.example.com", iglu_host = "iglu", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef" }
  }
}

run "database" {
  command         = plan
  expect_failures = [var.databases]

  variables {
    databases = { iglu = {} }
  }
}

run "stage_missing" {
  command         = plan
  expect_failures = [var.stages]

  variables {
    stages = { collector = { image = "snowmelt:1" } }
  }
}

run "stage_unknown" {
  command         = plan
  expect_failures = [var.stages]

  variables {
    stages = { loader = { image = "snowmelt:1" }, collector = { image = "snowmelt:1" }, iglu = { image = "snowmelt:1" }, enrich = { image = "snowmelt:1" }, airflow = { image = "snowmelt:1" }, prometheus = { image = "prom/prometheus:v3.5.0" } }
  }
}

run "no_tag" {
  command         = plan
  expect_failures = [var.stages]

  variables {
    stages = { collector = { image = "snowmelt" }, iglu = { image = "snowmelt:1" }, enrich = { image = "snowmelt:1" }, airflow = { image = "snowmelt:1" }, prometheus = { image = "prom/prometheus:v3.5.0" } }
  }
}

run "none_at_all" {
  command         = plan
  expect_failures = [var.stages]

  variables {
    stages = { collector = { image = "snowmelt:1", min = 0 }, iglu = { image = "snowmelt:1" }, enrich = { image = "snowmelt:1" }, airflow = { image = "snowmelt:1" }, prometheus = { image = "prom/prometheus:v3.5.0" } }
  }
}
