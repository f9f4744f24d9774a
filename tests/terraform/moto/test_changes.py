"""Changes of a configuration that is there already, and an apply that lost the service's answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.terraform import Cloud, TerraformError
from tests.doubles.terraform.moto import Aws, Moto
from tests.terraform.conftest import Work
from tests.terraform.moto.conftest import written

THINGS = """
variable "size" { default = 1 }
variable "tokens" { default = "required" }
variable "text" {
  ephemeral = true
  default   = "first"
}
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = var.size * 30
}
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "sqs:PurgeQueue", Resource = aws_sqs_queue.q.arn }]
  })
}
resource "aws_kinesis_stream" "s" {
  name             = "s"
  shard_count      = 1
  retention_period = var.size * 24
}
resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = var.size == 1 ? 30 : 60
}
resource "aws_ssm_parameter" "p" {
  name  = "p"
  type  = "String"
  value = "value ${var.size}"
}
resource "aws_secretsmanager_secret" "s" {
  name                    = "s"
  recovery_window_in_days = 0
}
resource "aws_secretsmanager_secret_version" "s" {
  secret_id                = aws_secretsmanager_secret.s.id
  secret_string_wo         = var.text
  secret_string_wo_version = var.size
}
resource "aws_launch_template" "t" {
  name                   = "machines"
  image_id               = "ami-0123456789abcdef0"
  instance_type          = "t4g.small"
  update_default_version = true
  metadata_options {
    http_tokens = var.tokens
  }
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Size = var.size }
}
resource "aws_prometheus_workspace" "w" {
  alias = "w"
}
"""


def test_changes_reach_the_service(aws: Aws, real: Cloud, work: Work, tmp_path: Path) -> None:
    stack = written(tmp_path / "things", THINGS, real, work)
    stack.apply()
    assert stack.plan(text="made anew at each run").is_clean

    state = stack.apply(size=2, tokens="optional", text="second")
    url = state.one("aws_sqs_queue")["url"]
    queue = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert queue["VisibilityTimeout"] == "60"
    assert "Policy" in queue
    stream = aws("kinesis").describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
    assert stream["RetentionPeriodHours"] == 48
    assert aws("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 60
    assert aws("ssm").get_parameter(Name="p")["Parameter"]["Value"] == "value 2"
    assert aws("secretsmanager").get_secret_value(SecretId="s")["SecretString"] == "second"
    vpc = state.one("aws_vpc")["id"]
    assert aws("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"] == [{"Key": "Size", "Value": "2"}]
    versions = aws("ec2").describe_launch_template_versions(LaunchTemplateName="machines", Versions=["$Default"])
    (newest,) = versions["LaunchTemplateVersions"]
    assert newest["VersionNumber"] == state.one("aws_launch_template")["latest_version"] == 2
    assert newest["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] == "optional"
    assert stack.plan(size=2, tokens="optional").is_clean

    aws("amp").delete_workspace(workspaceId=state.one("aws_prometheus_workspace")["id"])
    plan = stack.plan(size=2, tokens="optional")
    assert [(c.address, c.action) for c in plan.resource_changes if c.action != "no-op"] == [
        ("aws_prometheus_workspace.w", "create")
    ]
    stack.destroy()


class Forgetful(Moto):
    """A service whose first answer for each type never arrives: the resource is there, Terraform does not know."""

    def create(self, type_name: str, planned: dict[str, Any], write_only: Mapping[str, Any]) -> dict[str, Any]:
        told = super().create(type_name, planned, write_only)
        if self.made[type_name] == 1:
            raise ConnectionError("the answer was lost")
        return told


IDEMPOTENT = """
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = 60
}
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0.5
  namespace           = "N"
  metric_name         = "M"
  statistic           = "Sum"
  period              = 60
}
"""


def test_what_is_idempotent_survives_a_lost_answer(moto: Moto, aws: Aws, work: Work, tmp_path: Path) -> None:
    with Cloud(work("forgetful"), forgetful := Forgetful(moto.clients.url)) as cloud:
        stack = written(tmp_path / "things", IDEMPOTENT, cloud, work)
        with pytest.raises(TerraformError, match="the answer was lost"):
            stack.apply()
        stack.apply()
        assert stack.plan().is_clean
    assert forgetful.made == {"aws_sqs_queue": 2, "aws_sns_topic": 2, "aws_cloudwatch_metric_alarm": 2}
    assert len(aws("sqs").list_queues()["QueueUrls"]) == 1
    assert len(aws("sns").list_topics()["Topics"]) == 1
    assert len(aws("cloudwatch").describe_alarms()["MetricAlarms"]) == 1


def test_what_is_not_says_that_it_is_there_already(moto: Moto, work: Work, tmp_path: Path) -> None:
    text = 'resource "aws_kinesis_stream" "s" {\n  name        = "s"\n  shard_count = 1\n}\n'
    with Cloud(work("forgetful"), Forgetful(moto.clients.url)) as cloud:
        stack = written(tmp_path / "things", text, cloud, work)
        with pytest.raises(TerraformError, match="the answer was lost"):
            stack.apply()
        with pytest.raises(TerraformError, match="ResourceInUseException"):
            stack.apply()
