# Who gets in and out.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name = "snowmelt-test"
}

run "private" {
  command = plan

  variables {
    interface_endpoints = { kms = {}, logs = { private_dns = false } }
  }

  assert {
    condition     = alltrue([for subnet in merge({ for zone, subnet in aws_subnet.private : "private ${zone}" => subnet }, { for zone, subnet in aws_subnet.public : "public ${zone}" => subnet }) : !subnet.map_public_ip_on_launch])
    error_message = "no machine gets a public address"
  }

  assert {
    condition     = alltrue([for route in aws_route.nat : route.gateway_id == null || route.gateway_id == ""])
    error_message = "private tables know no internet gateway"
  }

  assert {
    condition     = length(setintersection([for subnet in aws_subnet.private : subnet.cidr_block], [for subnet in aws_subnet.public : subnet.cidr_block])) == 0
    error_message = "each subnet has addresses of its own"
  }

  assert {
    condition     = one(aws_vpc_security_group_ingress_rule.endpoints).cidr_ipv4 == "10.20.0.0/16" && one(aws_vpc_security_group_ingress_rule.endpoints).from_port == 443 && one(aws_vpc_security_group_ingress_rule.endpoints).to_port == 443
    error_message = "endpoints are reached from the VPC alone"
  }

  assert {
    condition     = !aws_vpc_endpoint.interface["logs"].private_dns_enabled
    error_message = "under AWS's name only where wanted"
  }

  assert {
    condition     = toset([for zone, subnet in aws_subnet.private : zone]) == toset(["eu-west-1a", "eu-west-1b"])
    error_message = "two zones"
  }

  assert {
    condition = alltrue([for statement in data.aws_iam_policy_document.endpoint.statement :
    one(statement.condition).variable == "aws:PrincipalAccount" && one(statement.condition).values == tolist(["123456789012"]) if contains(statement.resources, "*")])
    error_message = "what reaches everything is this account"
  }
}

run "host_bits" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.20.0.1/16"
  }
}

run "ipv6" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "fd00::/16"
  }
}

run "half_a_zone" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = 2.5
  }
}

run "a_region_of_two" {
  command         = plan
  expect_failures = [data.aws_availability_zones.available]

  override_data {
    target = data.aws_availability_zones.available
    values = { names = ["eu-west-1a", "eu-west-1b"] }
  }

  variables {
    zones = 3
  }
}
