"""What the double invents looks like what AWS gives, where other resources refer to it."""

import re

import pytest
from tests.doubles.terraform import State
from tests.terraform.double.conftest import Written

MANY = """
resource "aws_kinesis_stream" "r" {
  name        = "raw"
  shard_count = 1
}
resource "aws_sqs_queue" "r" {
  name       = "load.fifo"
  fifo_queue = true
}
resource "aws_sns_topic" "r" {
  name = "alarms"
}
resource "aws_cloudwatch_log_group" "r" {
  name = "/snowmelt/collector"
}
resource "aws_cloudwatch_metric_alarm" "r" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "x"
  period              = 60
  statistic           = "Sum"
}
resource "aws_iam_role" "r" {
  name               = "collector"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }] })
}
resource "aws_s3_bucket" "r" {
  bucket = "lake"
}
resource "aws_secretsmanager_secret" "r" {
  name = "x/iglu"
}
resource "aws_kms_key" "r" {
}
resource "aws_kms_alias" "r" {
  name          = "alias/x"
  target_key_id = aws_kms_key.r.key_id
}
resource "aws_dynamodb_table" "r" {
  name         = "runs"
  hash_key     = "pk"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "pk"
    type = "S"
  }
}
resource "aws_lb" "r" {
  name    = "edge"
  subnets = ["subnet-1", "subnet-2"]
}
resource "aws_lb_target_group" "r" {
  name     = "collector"
  port     = 443
  protocol = "HTTPS"
  vpc_id   = "vpc-1"
}
resource "aws_lb_listener" "r" {
  load_balancer_arn = aws_lb.r.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.r.arn
  }
}
resource "aws_lb_listener_rule" "r" {
  listener_arn = aws_lb_listener.r.arn
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.r.arn
  }
  condition {
    host_header {
      values = ["a.example.com"]
    }
  }
}
resource "aws_autoscaling_group" "r" {
  name     = "collector"
  min_size = 1
  max_size = 1
  launch_template {
    name = "x"
  }
}
resource "aws_db_instance" "r" {
  identifier          = "iglu"
  instance_class      = "db.t4g.micro"
  engine              = "postgres"
  username            = "iglu"
  password_wo         = "x"
  password_wo_version = 1
  allocated_storage   = 20
  skip_final_snapshot = true
}
"""

HEX = "[0-9a-f]"
UUID = f"{HEX}{{8}}-{HEX}{{4}}-4{HEX}{{3}}-8{HEX}{{3}}-{HEX}{{12}}"
HERE = "eu-west-1:123456789012"
EXPECTED = [
    ("aws_kinesis_stream", "arn", f"arn:aws:kinesis:{HERE}:stream/raw"),
    ("aws_sqs_queue", "arn", f"arn:aws:sqs:{HERE}:load.fifo"),
    ("aws_sqs_queue", "url", "https://sqs.eu-west-1.amazonaws.com/123456789012/load.fifo"),
    ("aws_sqs_queue", "id", "https://sqs.eu-west-1.amazonaws.com/123456789012/load.fifo"),
    ("aws_sns_topic", "arn", f"arn:aws:sns:{HERE}:alarms"),
    ("aws_cloudwatch_log_group", "arn", f"arn:aws:logs:{HERE}:log-group:/snowmelt/collector"),
    ("aws_cloudwatch_metric_alarm", "arn", f"arn:aws:cloudwatch:{HERE}:alarm:errors"),
    ("aws_iam_role", "arn", "arn:aws:iam::123456789012:role/collector"),
    ("aws_s3_bucket", "arn", "arn:aws:s3:::lake"),
    ("aws_s3_bucket", "bucket_regional_domain_name", "lake.s3.eu-west-1.amazonaws.com"),
    ("aws_secretsmanager_secret", "arn", f"arn:aws:secretsmanager:{HERE}:secret:x/iglu-[a-zA-Z0-9]{{6}}"),
    ("aws_kms_key", "arn", f"arn:aws:kms:{HERE}:key/{UUID}"),
    ("aws_kms_alias", "target_key_arn", f"arn:aws:kms:{HERE}:key/{UUID}"),
    ("aws_dynamodb_table", "arn", f"arn:aws:dynamodb:{HERE}:table/runs"),
    ("aws_lb", "arn", f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/edge/{HEX}{{16}}"),
    ("aws_lb", "arn_suffix", f"app/edge/{HEX}{{16}}"),
    ("aws_lb", "dns_name", r"edge-\d{10}\.eu-west-1\.elb\.amazonaws\.com"),
    ("aws_lb_target_group", "arn_suffix", f"targetgroup/collector/{HEX}{{16}}"),
    ("aws_lb_listener", "arn", f"arn:aws:elasticloadbalancing:{HERE}:listener/app/edge/{HEX}{{16}}/{HEX}{{16}}"),
    (
        "aws_lb_listener_rule",
        "arn",
        f"arn:aws:elasticloadbalancing:{HERE}:listener-rule/app/edge/{HEX}{{16}}/{HEX}{{16}}/{HEX}{{16}}",
    ),
    (
        "aws_autoscaling_group",
        "arn",
        f"arn:aws:autoscaling:{HERE}:autoScalingGroup:{UUID}:autoScalingGroupName/collector",
    ),
    ("aws_db_instance", "arn", f"arn:aws:rds:{HERE}:db:iglu"),
    ("aws_db_instance", "endpoint", r"iglu\.[a-z0-9]{12}\.eu-west-1\.rds\.amazonaws\.com:5432"),
]


def test_names_and_arns(written: Written) -> None:
    state: State = written(MANY).apply()
    found = [(kind, name, str(state.one(kind)[name])) for kind, name, _ in EXPECTED]
    wrong = [f for f, (_, _, pattern) in zip(found, EXPECTED, strict=True) if not re.fullmatch(pattern, f[2])]
    assert wrong == []
    assert state.one("aws_lb")["arn"].endswith(state.one("aws_lb")["arn_suffix"])
    with pytest.raises(LookupError, match="0 of aws_lb with"):
        state.one("aws_lb", name="other")
