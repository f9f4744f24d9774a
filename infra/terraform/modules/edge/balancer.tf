resource "aws_lb" "this" {
  name                       = "${var.name}-edge"
  load_balancer_type         = "application"
  internal                   = false
  security_groups            = [aws_security_group.this.id]
  subnets                    = var.public_subnet_ids
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  preserve_host_header       = true
  idle_timeout               = 60 # Nginx keeps its side longer, so that no request meets a connection just closed

  dynamic "access_logs" {
    for_each = var.access_logs_bucket == null ? {} : { bucket = var.access_logs_bucket }
    content {
      enabled = true
      bucket  = access_logs.value
      prefix  = var.name
    }
  }
}

# In: the world, on two ports. Out: what the services themselves add, each for its own group.
resource "aws_security_group" "this" {
  name_prefix = "${var.name}-edge-"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "world" {
  for_each = { http = 80, https = 443 }

  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  description       = "The world, ${each.key}"
}

resource "aws_lb_target_group" "this" {
  for_each = var.services

  name                 = "${var.name}-${each.key}"
  port                 = 443
  protocol             = "HTTPS" # the target's certificate is self-signed, which a load balancer does not mind
  target_type          = "instance"
  vpc_id               = var.vpc_id
  deregistration_delay = 60

  health_check {
    protocol            = "HTTPS"
    path                = each.value.health_path
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true # a rule uses it until there is another. Another network alone, with the same name, is refused
  }
}
