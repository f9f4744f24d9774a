# What is planned.

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

run "one_door" {
  command = plan

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.enable_deletion_protection
    error_message = "careful"
  }

  assert {
    condition     = aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS"
    error_message = "80 redirects"
  }

  assert {
    condition     = aws_lb_listener.https.default_action[0].fixed_response[0].status_code == "404"
    error_message = "unknown hosts get 404"
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.protocol == "HTTPS" && group.health_check[0].protocol == "HTTPS"])
    error_message = "TLS to the machines"
  }

  assert {
    condition     = aws_lb_target_group.this["iglu"].health_check[0].path == "/api/meta/health"
    error_message = "the application's own page"
  }

  assert {
    condition     = length(aws_acm_certificate.this) == 0
    error_message = "no second certificate"
  }
}
