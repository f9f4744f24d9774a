# What is planned.

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

run "a_private_machine" {
  command = plan

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required"
    error_message = "IMDSv2"
  }

  assert {
    condition     = aws_launch_template.this.network_interfaces[0].associate_public_ip_address == "false"
    error_message = "no public address"
  }

  assert {
    condition     = alltrue([for volume in aws_launch_template.this.block_device_mappings : volume.ebs[0].encrypted == "true"])
    error_message = "encrypted"
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.edge) + length(aws_vpc_security_group_ingress_rule.metrics) == 0
    error_message = "nobody gets in"
  }

  assert {
    condition     = strcontains(output.user_data, "A=100 % $x")
    error_message = "its environment as it is"
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "AWS looks after it"
  }
}

run "behind_the_edge" {
  command = plan

  variables {
    front      = { site = "collector" }
    edge       = { security_group_id = "sg-0123456789abcdef0", target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/collector/0123456789abcdef" }
    scraped_by = { security_group_id = "sg-0123456789abcdef1" }
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "the load balancer looks after it"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.edge[0].from_port == 443
    error_message = "on 443"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.metrics[0].from_port == 8125
    error_message = "on 8125"
  }

  assert {
    condition     = strcontains(output.user_data, "server 0.0.0.0:8080;")
    error_message = "Nginx passes to the application"
  }
}

run "what_is_spilled_is_waited_for" {
  command = plan

  variables {
    data_volume = { gib = 30 }
    drain       = { folder = "/data/spill" }
  }

  assert {
    condition     = aws_autoscaling_lifecycle_hook.drain[0].lifecycle_transition == "autoscaling:EC2_INSTANCE_TERMINATING"
    error_message = "the hook"
  }

  assert {
    condition     = anytrue([for volume in aws_launch_template.this.block_device_mappings : volume.ebs[0].delete_on_termination == "false" && volume.ebs[0].volume_size == 30])
    error_message = "the volume is kept"
  }
}
