"""Rules that a schema cannot express: what passes and what does not."""

import base64
import json
from typing import Any

import pytest
from tests.doubles.terraform.catalog import Catalog, Wanted
from tests.doubles.terraform.rules import engine
from tests.doubles.terraform.rules.arguments import ARGUMENTS
from tests.doubles.terraform.rules.combinations import CHOICES, FACTS
from tests.doubles.terraform.values import UNKNOWN, Values, planned

CATALOG = Catalog()

ALARM: Values = {
    "alarm_name": "a",
    "comparison_operator": "GreaterThanThreshold",
    "evaluation_periods": 1,
    "metric_name": "m",
    "namespace": "n",
    "period": 60,
    "statistic": "Sum",
}
DATABASE: Values = {
    "identifier": "iglu",
    "instance_class": "db.t4g.micro",
    "password_wo": "x",
    "password_wo_version": 1,
    "skip_final_snapshot": True,
}
RULE: Values = {
    "security_group_id": "sg",
    "ip_protocol": "tcp",
    "from_port": 443,
    "to_port": 443,
    "cidr_ipv4": "10.0.0.0/8",
}
STATEMENT = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


def on_demand(mode: str) -> list[Values]:
    return [{"stream_mode": mode}]


PASSES: list[tuple[str, Values]] = [
    ("aws_vpc", {"cidr_block": "10.20.0.0/16"}),
    ("aws_lb", {"name": "x" * 32, "subnets": ["a", "b"]}),
    ("aws_cloudwatch_log_group", {"name": "/snowmelt-dev/collector", "retention_in_days": 30}),
    ("aws_cloudwatch_metric_alarm", ALARM),
    ("aws_cloudwatch_metric_alarm", ALARM | {"alarm_actions": [UNKNOWN], "dimensions": UNKNOWN}),
    ("aws_kinesis_stream", {"name": "raw", "stream_mode_details": on_demand("ON_DEMAND")}),
    ("aws_kinesis_stream", {"name": "raw", "shard_count": 1, "retention_period": 24}),
    ("aws_sqs_queue", {"name": "a.fifo", "fifo_queue": True, "deduplication_scope": "messageGroup"}),
    ("aws_sqs_queue", {"name_prefix": "a", "kms_master_key_id": UNKNOWN}),
    ("aws_db_instance", DATABASE),
    ("aws_vpc_security_group_ingress_rule", RULE),
    ("aws_vpc_security_group_egress_rule", {"security_group_id": "sg", "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}),
    ("aws_secretsmanager_secret", {"name": "x", "recovery_window_in_days": 0}),
    ("aws_launch_template", {"user_data": base64.b64encode(b"x" * 16_384).decode()}),
    ("aws_iam_role_policy", {"role": "r", "policy": json.dumps({"Statement": [STATEMENT]})}),
    ("aws_sqs_queue_policy", {"queue_url": "u", "policy": UNKNOWN}),
]

FAILS: list[tuple[str, Values, str]] = [
    ("aws_vpc", {"cidr_block": "10.20.0.0/33"}, "is not a CIDR block"),
    ("aws_vpc", {"cidr_block": "10.20.0.1/16"}, "is not a CIDR block"),
    ("aws_subnet", {"vpc_id": "v", "cidr_block": "10.0.0.0/8"}, "prefix that is not /16 to /28"),
    ("aws_lb", {"name": "x" * 33, "subnets": ["a"]}, "has 33 characters"),
    ("aws_lb", {"name": "internal-x", "subnets": ["a"]}, "has not the form"),
    ("aws_lb", {"name": "x"}, "one of subnets, subnet_mapping must be set"),
    ("aws_lb_target_group", {"name": "a_b"}, "has not the form"),
    ("aws_lb_target_group", {"health_check": [{"timeout": 30, "interval": 30}]}, "not below its interval"),
    ("aws_lb_target_group", {"health_check": [{"path": "health"}]}, "has not the form"),
    ("aws_lb_listener", {"protocol": "HTTPS"}, '"certificate_arn" must be set'),
    ("aws_lb_listener", {"protocol": "HTTP", "ssl_policy": "ELBSecurityPolicy-x"}, "must not be set"),
    ("aws_lb_listener", {"certificate_arn": "x"}, "is not an ARN"),
    ("aws_cloudwatch_log_group", {"retention_in_days": 31}, "is not one of 0, 1, 3"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"comparison_operator": ">"}, "is not one of Greater"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"statistic": "Mean"}, "is not one of Average"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"treat_missing_data": "ok"}, "is not one of breaching"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"period": 90}, "multiple of 60"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"alarm_actions": ["topic"]}, "is not an ARN"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"datapoints_to_alarm": 2}, "above evaluation_periods"),
    ("aws_cloudwatch_metric_alarm", ALARM | {"statistic": None}, '"statistic" or extended_statistic must be set'),
    ("aws_cloudwatch_metric_alarm", ALARM | {"metric_query": [{"id": "a"}]}, "conflicts with"),
    ("aws_kinesis_stream", {"name": "raw"}, '"shard_count" must be set'),
    (
        "aws_kinesis_stream",
        {"name": "raw", "shard_count": 2, "stream_mode_details": on_demand("ON_DEMAND")},
        "must not be set where stream_mode is ON_DEMAND",
    ),
    ("aws_kinesis_stream", {"shard_count": 1, "retention_period": 23}, "is not between 24 and 8760"),
    ("aws_kinesis_stream", {"shard_count": 1, "encryption_type": "KMS"}, '"kms_key_id" must be set'),
    ("aws_sqs_queue", {"name": "a", "fifo_queue": True}, "ends in .fifo"),
    ("aws_sqs_queue", {"name": "a.fifo"}, "ends in .fifo"),
    ("aws_sqs_queue", {"name": "a", "deduplication_scope": "queue"}, "is for FIFO"),
    ("aws_sqs_queue", {"name": "a", "redrive_policy": '{"maxReceiveCount": 3}'}, "needs deadLetterTargetArn"),
    (
        "aws_sqs_queue",
        {"redrive_policy": '{"deadLetterTargetArn": "a", "maxReceiveCount": "3"}'},
        "needs a number between 1 and 1000",
    ),
    ("aws_sqs_queue", {"kms_master_key_id": "k", "sqs_managed_sse_enabled": True}, "conflicts with"),
    ("aws_sns_topic", {"name": "a.fifo"}, "ends in .fifo"),
    ("aws_sns_topic_subscription", {"protocol": "email", "endpoint": "nobody"}, "is not an e-mail address"),
    ("aws_iam_role", {"name": "x" * 65, "assume_role_policy": "{}"}, "has 65 characters"),
    ("aws_iam_role", {"assume_role_policy": "Qx7"}, "contains an invalid JSON"),
    ("aws_s3_bucket", {"bucket": "Lake"}, "has not the form"),
    ("aws_s3_bucket", {"bucket": "10.0.0.1"}, "S3 keeps to itself"),
    ("aws_s3_bucket", {"bucket": "a", "bucket_prefix": "b"}, "conflicts with"),
    ("aws_launch_template", {"user_data": "#cloud-config"}, "is not base64"),
    ("aws_launch_template", {"user_data": base64.b64encode(b"x" * 16_385).decode()}, "is 16385 bytes"),
    (
        "aws_launch_template",
        {"block_device_mappings": [{"ebs": [{"kms_key_id": "k"}]}]},
        "names a key on a volume that is not encrypted",
    ),
    ("aws_db_instance", DATABASE | {"identifier": "9-iglu"}, "has not the form"),
    ("aws_db_instance", DATABASE | {"password": "p"}, "conflicts with"),
    ("aws_db_instance", DATABASE | {"password_wo": None}, '"password_wo" must be set beside'),
    ("aws_db_instance", DATABASE | {"skip_final_snapshot": None}, '"final_snapshot_identifier" must be set'),
    (
        "aws_db_instance",
        DATABASE | {"kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/k"},
        '"storage_encrypted" must',
    ),
    ("aws_db_instance", DATABASE | {"allocated_storage": 50, "max_allocated_storage": 50}, "must be above"),
    ("aws_secretsmanager_secret", {"recovery_window_in_days": 3}, "is not between 7 and 30 or 0"),
    ("aws_kms_key", {"deletion_window_in_days": 6}, "is not between 7 and 30"),
    ("aws_kms_alias", {"name": "key"}, "has not the form"),
    ("aws_kms_alias", {"name": "alias/aws/sqs"}, "has not the form"),
    (
        "aws_dynamodb_table",
        {"name": "runs", "hash_key": "pk", "attribute": [{"name": "sk", "type": "S"}]},
        "describes ['sk']; the keys of the table and its indexes are ['pk']",
    ),
    ("aws_autoscaling_group", {"min_size": 2, "max_size": 1, "launch_template": [{}]}, "above max_size"),
    ("aws_autoscaling_group", {"min_size": 0, "max_size": 1}, "one of launch_template"),
    (
        "aws_autoscaling_group",
        {"min_size": 0, "max_size": 1, "desired_capacity": 2, "launch_template": [{}]},
        "not between min_size 0 and max_size 1",
    ),
    ("aws_vpc_endpoint", {"subnet_ids": ["a"], "vpc_endpoint_type": "Gateway"}, "interface endpoints only"),
    ("aws_vpc_security_group_ingress_rule", RULE | {"from_port": None}, "must both be set"),
    ("aws_vpc_security_group_ingress_rule", RULE | {"ip_protocol": "-1"}, "must not be set where ip_protocol is -1"),
    ("aws_vpc_security_group_ingress_rule", RULE | {"cidr_ipv4": None}, "one of cidr_ipv4"),
    ("aws_vpc_security_group_ingress_rule", RULE | {"cidr_ipv4": "10.0.0.1/8"}, "is not a CIDR block"),
    (
        "aws_cloudwatch_log_metric_filter",
        {"metric_transformation": [{"dimensions": {"a": "$.b"}, "default_value": "0"}]},
        "exclude each other",
    ),
    ("aws_security_group", {"name": "a", "name_prefix": "b"}, '"name" conflicts with name_prefix'),
    ("aws_sqs_queue", {"url": "https://x"}, "is decided by the provider"),
    ("aws_secretsmanager_secret_version", {"secret_string_wo": "x"}, '"secret_string_wo_version" must be set'),
]

AT_APPLY: list[tuple[str, Values, str]] = [
    ("aws_sqs_queue_policy", {"policy": "{}"}, "has no Statement"),
    ("aws_kms_key", {"policy": json.dumps({"Statement": [{"Effect": "Maybe", "Action": "*"}]})}, "lacks its Effect"),
    ("aws_iam_role_policy", {"policy": json.dumps({"Statement": [STATEMENT | {"Principal": "*"}]})}, "no Principal"),
    ("aws_iam_role", {"assume_role_policy": json.dumps({"Statement": [STATEMENT]})}, "is no trust policy"),
    (
        "aws_cloudwatch_log_group",
        {"kms_key_id": "arn:aws:sqs:eu-west-1:123456789012:q"},
        "is an ARN of sqs, not of kms",
    ),
]


def check(type_name: str, given: Values) -> list[str]:
    block = CATALOG.block(Wanted("resource", type_name))
    assert block, type_name
    config = planned(block, None, None, lambda *_: None) | given
    return [problem.detail for problem in engine.check(type_name, block, config)]


@pytest.mark.parametrize(("type_name", "given"), PASSES)
def test_what_is_right_passes(type_name: str, given: Values) -> None:
    assert check(type_name, given) == []
    assert engine.refuse(type_name, given) == []


@pytest.mark.parametrize(("type_name", "given", "said"), FAILS)
def test_what_is_wrong_is_told(type_name: str, given: Values, said: str) -> None:
    found = check(type_name, given)
    assert any(said in sentence for sentence in found), found


@pytest.mark.parametrize(("type_name", "given", "said"), AT_APPLY)
def test_what_the_service_refuses_is_told_at_apply(type_name: str, given: Values, said: str) -> None:
    assert not any(said in sentence for sentence in check(type_name, given))
    assert any(said in problem.detail for problem in engine.refuse(type_name, given))


def test_rules_name_arguments_that_exist() -> None:
    wrong: list[str] = []
    for rule in ARGUMENTS:
        wrong += [
            f"{name}.{rule.argument}" for name in rule.types.split() if not _exists(name, rule.argument.split("."))
        ]
    for choice in CHOICES:
        wrong += [f"{n}.{a}" for n in choice.types.split() for a in choice.arguments.split() if not _exists(n, [a])]
    wrong += [name for name in FACTS if not CATALOG.block(Wanted("resource", name))]
    assert wrong == []


def _exists(type_name: str, path: list[str]) -> bool:
    block: Any = CATALOG.block(Wanted("resource", type_name))
    for step in path[:-1]:
        block = block and step in block.blocks and block.blocks[step].block
    return bool(block) and (path[-1] in block.attributes or path[-1] in block.blocks)
