# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name = "snowmelt-test"
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "no_cidr" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.20.0.0"
  }
}

run "small_cidr" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.20.0.0/24"
  }
}

run "one_zone" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = 1
  }
}

run "nat" {
  command         = plan
  expect_failures = [var.nat]

  variables {
    nat = "two"
  }
}

run "endpoint" {
  command         = plan
  expect_failures = [var.interface_endpoints]

  variables {
    interface_endpoints = { s4 = {} }
  }
}
