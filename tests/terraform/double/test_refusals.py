"""What Terraform refuses because of the double: the schema's part, the rules' part, and the provider block."""

import re

import pytest
from tests.doubles.terraform import TerraformError
from tests.terraform.double.conftest import Written

REFUSED = {
    "unknown argument": ('resource "aws_sqs_queue" "q" {\n nam = "q"\n}', 'argument named "nam" is not expected'),
    "unknown block": ('resource "aws_sqs_queue" "q" {\n dead {\n }\n}', 'Blocks of type "dead" are not expected'),
    "unknown type": ('resource "aws_sqs_que" "q" {\n}', 'does not support resource type "aws_sqs_que"'),
    "unknown data source": ('data "aws_weather" "q" {\n}', 'does not support data source "aws_weather"'),
    "unknown attribute": (
        'resource "aws_sqs_queue" "q" {\n name = "q"\n}\noutput "o" {\n value = aws_sqs_queue.q.address\n}',
        'no argument, nested block, or exported attribute named "address"',
    ),
    "missing argument": (
        'resource "aws_kms_alias" "a" {\n name = "alias/a"\n}',
        'argument "target_key_id" is required',
    ),
    "missing block": (
        'resource "aws_lb_listener" "l" {\n load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:1:x"\n}',
        "least 1 default_action block|Insufficient default_action blocks",
    ),
    "block twice": (
        'resource "aws_kinesis_stream" "s" {\n name = "s"\n shard_count = 1\n'
        + ' stream_mode_details {\n stream_mode = "PROVISIONED"\n }\n' * 2
        + "}",
        "Too many stream_mode_details blocks",
    ),
    "wrong type": ('resource "aws_sqs_queue" "q" {\n delay_seconds = "soon"\n}', "a number is required"),
    "read-only": ('resource "aws_sqs_queue" "q" {\n url = "x"\n}', "decided by the provider|Can't configure a value"),
    "wrong word": (
        'resource "aws_cloudwatch_log_group" "l" {\n log_group_class = "CHEAP"\n}',
        r'"log_group_class" \(CHEAP\) is not one of STANDARD',
    ),
    "conflict": (
        'resource "aws_iam_role" "r" {\n name = "a"\n name_prefix = "b"\n assume_role_policy = "{}"\n}',
        '"name" conflicts with name_prefix',
    ),
    "sensitive output": (
        'resource "random_password" "p" {\n length = 9\n}\noutput "p" {\n value = random_password.p.result\n}',
        "Output refers to sensitive values",
    ),
    "write-only without version": (
        'resource "aws_secretsmanager_secret_version" "v" {\n secret_id = "s"\n secret_string_wo = "x"\n}',
        '"secret_string_wo_version" must be set',
    ),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_is_refused_at_plan(written: Written, text: str, said: str) -> None:
    with pytest.raises(TerraformError) as refusal:
        written(text).plan()
    assert re.search(said, refusal.value.flat)


PROVIDERS = {
    "no region": ('provider "aws" {\n}', "needs a region"),
    "no such region": ('provider "aws" {\n region = "mars-north-1"\n}', '"mars-north-1" is not an AWS region'),
    "another account": (
        'provider "aws" {\n region = "eu-west-1"\n allowed_account_ids = ["999999999999"]\n}',
        "123456789012 is not in allowed_account_ids",
    ),
    "unknown argument": ('provider "aws" {\n regoin = "eu-west-1"\n}', 'argument named "regoin" is not expected'),
}


@pytest.mark.parametrize(("provider", "said"), PROVIDERS.values(), ids=PROVIDERS)
def test_a_wrong_provider_block_is_refused(written: Written, provider: str, said: str) -> None:
    with pytest.raises(TerraformError) as refusal:
        written('resource "aws_sqs_queue" "q" {\n name = "q"\n}', provider).plan()
    assert said in refusal.value.flat


def test_what_the_service_alone_refuses_is_seen_at_apply(written: Written) -> None:
    stack = written("""
        resource "aws_iam_role_policy" "p" {
          role   = "r"
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*" }] })
        }
    """)
    stack.plan()
    with pytest.raises(TerraformError) as refusal:
        stack.apply()
    assert "is no policy of a role: each statement has a Resource" in refusal.value.flat
    assert stack.state().resources == []
