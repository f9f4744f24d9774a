# Who may come in: the load balancer on 443, Prometheus on 8125, nobody else. Both sides of each way are written here, so
# that the load balancer and Prometheus, too, reach nothing but what says so.

resource "aws_security_group" "this" {
  name_prefix = "${local.full_name}-"
  description = "Machines of ${local.full_name}"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "edge" {
  count = var.edge == null ? 0 : 1

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.edge.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "Load balancer to Nginx"
}

resource "aws_vpc_security_group_egress_rule" "edge" {
  count = var.edge == null ? 0 : 1

  security_group_id            = var.edge.security_group_id
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "Load balancer to ${local.full_name}"
}

resource "aws_vpc_security_group_ingress_rule" "metrics" {
  count = var.scraped_by == null ? 0 : 1

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.scraped_by.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8125
  to_port                      = 8125
  description                  = "Prometheus to metrics"
}

resource "aws_vpc_security_group_egress_rule" "metrics" {
  count = var.scraped_by == null ? 0 : 1

  security_group_id            = var.scraped_by.security_group_id
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 8125
  to_port                      = 8125
  description                  = "Prometheus to ${local.full_name}"
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = var.database == null ? 0 : 1

  security_group_id            = var.database.security_group_id
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.database.port
  to_port                      = var.database.port
  description                  = "${local.full_name} to its database"
}

resource "aws_vpc_security_group_egress_rule" "database" {
  count = var.database == null ? 0 : 1

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.database.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.database.port
  to_port                      = var.database.port
  description                  = "Database"
}

# AWS, image and schema registries, Databricks: all of them HTTPS, by names whose addresses change.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "HTTPS out"
}
