# A certificate of its own, and what the balancer is strict about.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name              = "snowmelt-test"
  vpc_id            = "vpc-0123456789abcdef0"
  public_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  services          = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "iglu.example.com", priority = 20, health_path = "/api/meta/health" } }
  zone_id           = "Z0123456789ABCDEFGHIJ"
}

run "in_a_zone" {
  command = plan

  override_resource {
    target          = aws_acm_certificate.this
    override_during = plan
    values = {
      arn = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
      domain_validation_options = [
        { domain_name = "collector.example.com", resource_record_name = "_c.collector.example.com.", resource_record_type = "CNAME", resource_record_value = "_c.acm-validations.aws." },
        { domain_name = "iglu.example.com", resource_record_name = "_i.iglu.example.com.", resource_record_type = "CNAME", resource_record_value = "_i.acm-validations.aws." },
      ]
    }
  }

  assert {
    condition     = aws_acm_certificate.this[0].domain_name == "collector.example.com" && aws_acm_certificate.this[0].subject_alternative_names == toset(["iglu.example.com"])
    error_message = "it names every host"
  }

  assert {
    condition     = aws_route53_record.validation["iglu"].name == "_i.iglu.example.com." && aws_route53_record.validation["iglu"].type == "CNAME" && aws_route53_record.validation["iglu"].records == toset(["_i.acm-validations.aws."])
    error_message = "each host is validated by its own record"
  }

  assert {
    condition     = aws_lb_listener.https.certificate_arn == aws_acm_certificate_validation.this[0].certificate_arn
    error_message = "the listener waits for the validation"
  }

  assert {
    condition     = { for key, record in aws_route53_record.host : key => record.name } == { collector = "collector.example.com", iglu = "iglu.example.com" }
    error_message = "a record for each host"
  }

  assert {
    condition     = output.urls["iglu"] == "https://iglu.example.com"
    error_message = "where it is reached"
  }
}

run "strict" {
  command = plan

  variables {
    zone_id         = null
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = length(aws_route53_record.host) + length(aws_route53_record.validation) + length(aws_acm_certificate_validation.this) == 0
    error_message = "no record in nobody's zone"
  }

  assert {
    condition     = !aws_lb.this.internal && aws_lb.this.desync_mitigation_mode == "defensive" && aws_lb.this.idle_timeout == 60
    error_message = "as the world sees it"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.world : rule.from_port]) == toset([80, 443])
    error_message = "two ports"
  }

  assert {
    condition     = { for key, rule in aws_lb_listener_rule.host : key => rule.priority } == { collector = 10, iglu = 20 }
    error_message = "in their order"
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.health_check[0].matcher == "200"])
    error_message = "well means 200"
  }
}

run "no_service" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = {}
  }
}

run "priority_out_of_range" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 50001, health_path = "/health" } }
  }
}

run "health_path" {
  command         = plan
  expect_failures = [var.services]

  variables {
    services = { collector = { host = "collector.example.com", priority = 10, health_path = "health" } }
  }
}

run "tls_1_0_beside_1_3" {
  command         = plan
  expect_failures = [var.ssl_policy]

  variables {
    ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"
  }
}
