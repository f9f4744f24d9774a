# What is planned.

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

run "one_address_for_each" {
  command = plan

  assert {
    condition     = output.urls == { collector = "https://collector.example.com", iglu = "https://iglu.example.com" }
    error_message = "collector and registry"
  }
}
