"""Rules about arguments together: which exclude each other, which need each other, what one says about another."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.doubles.terraform.rules.checks import email
from tests.doubles.terraform.values import has_unknown, is_unknown

Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Arguments of which at most one may be set, or exactly one. Source: the provider's ConflictsWith, ExactlyOneOf."""

    types: str
    arguments: str
    exactly: bool = False


CHOICES: tuple[Choice, ...] = (
    Choice("aws_autoscaling_group", "launch_template launch_configuration mixed_instances_policy", exactly=True),
    Choice("aws_autoscaling_group", "availability_zones vpc_zone_identifier"),
    Choice("aws_autoscaling_group", "load_balancers traffic_source"),
    Choice("aws_autoscaling_group", "target_group_arns traffic_source"),
    Choice("aws_cloudwatch_metric_alarm", "metric_name metric_query evaluation_criteria", exactly=True),
    Choice("aws_cloudwatch_metric_alarm", "statistic extended_statistic metric_query"),
    Choice("aws_cloudwatch_metric_alarm", "period metric_query"),
    Choice("aws_cloudwatch_metric_alarm", "namespace metric_query"),
    Choice("aws_cloudwatch_metric_alarm", "dimensions metric_query"),
    Choice("aws_cloudwatch_metric_alarm", "threshold threshold_metric_id"),
    Choice("aws_db_instance", "password password_wo manage_master_user_password"),
    Choice("aws_db_instance", "identifier identifier_prefix"),
    Choice("aws_db_instance", "snapshot_identifier username"),
    Choice("aws_iam_instance_profile aws_iam_role aws_iam_role_policy aws_iam_policy", "name name_prefix"),
    Choice("aws_launch_template", "image_id instance_requirements"),
    Choice("aws_launch_template", "security_group_names vpc_security_group_ids"),
    Choice("aws_lb", "subnets subnet_mapping", exactly=True),
    Choice(
        "aws_route",
        "carrier_gateway_id core_network_arn egress_only_gateway_id gateway_id local_gateway_id nat_gateway_id "
        "network_interface_id odb_network_arn transit_gateway_id vpc_endpoint_id vpc_peering_connection_id",
        exactly=True,
    ),
    Choice("aws_route", "destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id", exactly=True),
    Choice("aws_route53_record", "alias records", exactly=True),
    Choice("aws_route53_record", "alias ttl"),
    Choice("aws_route_table_association", "subnet_id gateway_id", exactly=True),
    Choice("aws_s3_bucket", "bucket bucket_prefix"),
    Choice("aws_secretsmanager_secret_version", "secret_string secret_string_wo secret_binary", exactly=True),
    Choice("aws_sqs_queue", "kms_master_key_id sqs_managed_sse_enabled"),
    Choice("aws_vpc", "cidr_block ipv4_ipam_pool_id"),
    Choice(
        "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
        "cidr_ipv4 cidr_ipv6 prefix_list_id referenced_security_group_id",
        exactly=True,
    ),
)

Fact = Callable[[Config], tuple[str, str] | None]
"""Gives the argument and what is wrong with it, or None."""


def _stream(config: Config) -> tuple[str, str] | None:
    mode = _first(config, "stream_mode_details").get("stream_mode", "PROVISIONED")
    if is_unknown(mode):
        return None
    if mode == "ON_DEMAND" and config.get("shard_count") is not None:
        return "shard_count", "must not be set where stream_mode is ON_DEMAND"
    if mode == "PROVISIONED" and config.get("shard_count") is None:
        return "shard_count", "must be set where stream_mode is PROVISIONED"
    if config.get("encryption_type") == "KMS" and config.get("kms_key_id") is None:
        return "kms_key_id", "must be set where encryption_type is KMS"
    return None


def _fifo(config: Config) -> tuple[str, str] | None:
    name, fifo = config.get("name"), config.get("fifo_queue", config.get("fifo_topic"))
    if isinstance(name, str) and not is_unknown(fifo) and name.endswith(".fifo") != bool(fifo):
        return "name", "ends in .fifo exactly where the queue or topic is FIFO"
    if not fifo:
        for argument in ("deduplication_scope", "fifo_throughput_limit", "content_based_deduplication"):
            if config.get(argument) not in (None, False):
                return argument, "is for FIFO queues and topics only"
    if config.get("fifo_throughput_limit") == "perMessageGroupId" and config.get("deduplication_scope") == "queue":
        return "fifo_throughput_limit", "can be perMessageGroupId only where deduplication_scope is messageGroup"
    return None


def _redrive(config: Config) -> tuple[str, str] | None:
    text = config.get("redrive_policy")
    if isinstance(text, str):
        found = json.loads(text) if text.startswith("{") else {}
        if {"deadLetterTargetArn", "maxReceiveCount"} - found.keys():
            return "redrive_policy", "needs deadLetterTargetArn and maxReceiveCount"
        if not isinstance(found["maxReceiveCount"], int) or not 1 <= found["maxReceiveCount"] <= 1000:
            return "redrive_policy", "needs a number between 1 and 1000 as maxReceiveCount"
    return None


def _subscription(config: Config) -> tuple[str, str] | None:
    endpoint, protocol = config.get("endpoint"), config.get("protocol")
    if protocol in ("email", "email-json") and isinstance(endpoint, str) and (said := email(endpoint)):
        return "endpoint", said
    return None


def _ports(config: Config) -> tuple[str, str] | None:
    low, high, protocol = config.get("from_port"), config.get("to_port"), config.get("ip_protocol")
    if is_unknown(low) or is_unknown(high) or is_unknown(protocol):
        return None
    if protocol == "-1" and (low is not None or high is not None):
        return "from_port", "must not be set where ip_protocol is -1, which is every port"
    if protocol in ("tcp", "udp") and (low is None or high is None or low > high):
        return "from_port", "and to_port must both be set, from_port first, where ip_protocol is tcp or udp"
    return None


def _listener(config: Config) -> tuple[str, str] | None:
    protocol, certificate = config.get("protocol"), config.get("certificate_arn")
    if protocol in ("HTTPS", "TLS") and certificate is None:
        return "certificate_arn", f"must be set where protocol is {protocol}"
    if protocol == "HTTP" and (certificate is not None or config.get("ssl_policy") is not None):
        return "certificate_arn", "and ssl_policy must not be set where protocol is HTTP"
    return None


def _health_check(config: Config) -> tuple[str, str] | None:
    check = _first(config, "health_check")
    timeout, interval = check.get("timeout"), check.get("interval", 30)
    if isinstance(timeout, int) and isinstance(interval, int) and timeout >= interval:
        return "health_check", f"has a timeout of {timeout} s that is not below its interval of {interval} s"
    return None


def _database(config: Config) -> tuple[str, str] | None:
    if config.get("skip_final_snapshot") in (None, False) and config.get("final_snapshot_identifier") is None:
        return "final_snapshot_identifier", "must be set where skip_final_snapshot is not true, else destroy fails"
    if config.get("kms_key_id") is not None and config.get("storage_encrypted") in (None, False):
        return "storage_encrypted", "must be true where kms_key_id is set"
    given = ("password", "password_wo", "manage_master_user_password", "replicate_source_db", "snapshot_identifier")
    if all(config.get(name) is None for name in given):
        return "password_wo", "or password, or manage_master_user_password, must be set for a new database"
    most, least = config.get("max_allocated_storage"), config.get("allocated_storage")
    if isinstance(most, int) and isinstance(least, int) and 0 < most <= least:
        return "max_allocated_storage", "must be above allocated_storage"
    return None


def _table(config: Config) -> tuple[str, str] | None:
    owners = (config, *_blocks(config, "global_secondary_index"), *_blocks(config, "local_secondary_index"))
    named = [owner.get(key) for owner in owners for key in ("hash_key", "range_key")]
    given = [block.get("name") for block in _blocks(config, "attribute")]
    if has_unknown(named) or has_unknown(given):
        return None
    keys, described = {str(name) for name in named if name}, {str(name) for name in given}
    if keys != described:
        return "attribute", f"describes {sorted(described)}; the keys of the table and its indexes are {sorted(keys)}"
    if config.get("billing_mode") == "PAY_PER_REQUEST" and config.get("read_capacity") is not None:
        return "read_capacity", "must not be set where billing_mode is PAY_PER_REQUEST"
    return None


def _group(config: Config) -> tuple[str, str] | None:
    low, high, wanted = (config.get(name) for name in ("min_size", "max_size", "desired_capacity"))
    if isinstance(low, int) and isinstance(high, int) and low > high:
        return "min_size", f"is {low}, above max_size {high}"
    if isinstance(wanted, int) and isinstance(low, int) and isinstance(high, int) and not low <= wanted <= high:
        return "desired_capacity", f"is {wanted}, not between min_size {low} and max_size {high}"
    return None


def _endpoint(config: Config) -> tuple[str, str] | None:
    if config.get("vpc_endpoint_type") in (None, "Gateway"):
        for argument in ("subnet_ids", "security_group_ids", "private_dns_enabled"):
            if config.get(argument) not in (None, False, []):
                return argument, "is for interface endpoints only"
    return None


def _alarm(config: Config) -> tuple[str, str] | None:
    metric = config.get("metric_name")
    if isinstance(metric, str):
        for argument in ("namespace", "period"):
            if config.get(argument) is None:
                return argument, "must be set beside metric_name"
        if config.get("statistic") is None and config.get("extended_statistic") is None:
            return "statistic", "or extended_statistic must be set beside metric_name"
    queries = _blocks(config, "metric_query")
    if queries and not has_unknown(queries) and sum(query.get("return_data") is True for query in queries) != 1:
        return "metric_query", "must have return_data = true exactly once"
    wanted, periods = config.get("datapoints_to_alarm"), config.get("evaluation_periods")
    if isinstance(wanted, int) and isinstance(periods, int) and wanted > periods:
        return "datapoints_to_alarm", f"is {wanted}, above evaluation_periods {periods}"
    return None


def _filter(config: Config) -> tuple[str, str] | None:
    for change in _blocks(config, "metric_transformation"):
        if change.get("dimensions") and change.get("default_value") is not None:
            return "metric_transformation", "has a default_value beside dimensions, which exclude each other"
    return None


def _encryption(config: Config) -> tuple[str, str] | None:
    for rule in _blocks(config, "rule"):
        default = _first(rule, "apply_server_side_encryption_by_default")
        if default.get("sse_algorithm") == "AES256" and default.get("kms_master_key_id") is not None:
            return "rule", "names a key that AES256 does not use"
    return None


def _template(config: Config) -> tuple[str, str] | None:
    for mapping in _blocks(config, "block_device_mappings"):
        disk = _first(mapping, "ebs")
        if disk.get("kms_key_id") is not None and str(disk.get("encrypted")) != "true":
            return "block_device_mappings", "names a key on a volume that is not encrypted"
    if _blocks(config, "network_interfaces") and config.get("vpc_security_group_ids"):
        return "vpc_security_group_ids", "goes into network_interfaces where there is one"
    return None


FACTS: Mapping[str, tuple[Fact, ...]] = {
    "aws_autoscaling_group": (_group,),
    "aws_cloudwatch_log_metric_filter": (_filter,),
    "aws_cloudwatch_metric_alarm": (_alarm,),
    "aws_db_instance": (_database,),
    "aws_dynamodb_table": (_table,),
    "aws_kinesis_stream": (_stream,),
    "aws_launch_template": (_template,),
    "aws_lb_listener": (_listener,),
    "aws_lb_target_group": (_health_check,),
    "aws_s3_bucket_server_side_encryption_configuration": (_encryption,),
    "aws_sns_topic": (_fifo,),
    "aws_sns_topic_subscription": (_subscription,),
    "aws_sqs_queue": (_fifo, _redrive),
    "aws_vpc_endpoint": (_endpoint,),
    "aws_vpc_security_group_egress_rule": (_ports,),
    "aws_vpc_security_group_ingress_rule": (_ports,),
}
"""By type: what its arguments must say together. Source: the API that creates the resource, and the provider."""


def _blocks(config: Config, name: str) -> list[Config]:
    found = config.get(name)
    return [block for block in found if isinstance(block, Mapping)] if isinstance(found, list) else []


def _first(config: Config, name: str) -> dict[str, Any]:
    """The one block of a name, without what is not set in it."""
    return {key: value for block in _blocks(config, name)[:1] for key, value in block.items() if value is not None}
