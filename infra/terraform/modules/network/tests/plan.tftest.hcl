# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name = "snowmelt-test"
}

run "one_way_out" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 2
    error_message = "one NAT, a route to it in each zone"
  }

  assert {
    condition     = length(aws_vpc_endpoint.gateway) == 2
    error_message = "S3 and DynamoDB without it"
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0
    error_message = "no endpoint is billed"
  }
}

run "one_in_each_zone" {
  command = plan

  variables {
    nat                 = "per_zone"
    zones               = 3
    interface_endpoints = { kms = {} }
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "three"
  }

  assert {
    condition     = aws_vpc_endpoint.interface["kms"].private_dns_enabled
    error_message = "under its own name"
  }
}

run "no_way_out" {
  command = plan

  variables {
    nat = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) + length(aws_route.nat) + length(aws_eip.nat) == 0
    error_message = "none"
  }
}
