"""Which changes make a new resource: the bindings do not say, so the well-known cases stand here.

Source: the providers' documentation ("Forces new resource"). What is missing here is planned as a change in place, so
that the double never proves that something can be changed in place.
"""

from collections.abc import Mapping
from typing import Any

from tests.doubles.terraform.schema import Block
from tests.doubles.terraform.values import has_unknown

_ALWAYS = frozenset({"name_prefix", "bucket_prefix", "fifo_queue", "fifo_topic", "availability_zone"})
_RENAMED_IN_PLACE = frozenset(
    {
        "aws_autoscaling_policy",
        "aws_kms_alias",
        "databricks_catalog",
        "databricks_job",
        "databricks_schema",
        "databricks_sql_endpoint",
        "databricks_storage_credential",
    }
)
_REPLACED: Mapping[str, frozenset[str]] = {
    name: frozenset(arguments.split())
    for name, arguments in {
        "aws_acm_certificate": "domain_name validation_method key_algorithm",
        "aws_cloudwatch_dashboard": "dashboard_name",
        "aws_cloudwatch_log_metric_filter": "log_group_name",
        "aws_cloudwatch_metric_alarm": "alarm_name",
        "aws_db_instance": "engine username db_name db_subnet_group_name kms_key_id storage_encrypted",
        "aws_db_subnet_group": "description",
        "aws_dynamodb_table": "hash_key range_key",
        "aws_ebs_volume": "encrypted kms_key_id snapshot_id",
        "aws_iam_role": "path",
        "aws_iam_role_policy": "role",
        "aws_iam_role_policy_attachment": "role policy_arn",
        "aws_instance": "ami subnet_id key_name",
        "aws_kinesis_resource_policy": "resource_arn",
        "aws_kms_key": "customer_master_key_spec key_usage multi_region",
        "aws_lb": "internal load_balancer_type",
        "aws_lb_listener": "load_balancer_arn",
        "aws_lb_listener_rule": "listener_arn",
        "aws_lb_target_group": "port protocol vpc_id target_type protocol_version",
        "aws_nat_gateway": "subnet_id allocation_id connectivity_type",
        "aws_route": "route_table_id destination_cidr_block destination_prefix_list_id",
        "aws_route_table": "vpc_id",
        "aws_route_table_association": "subnet_id gateway_id",
        "aws_s3_bucket": "bucket object_lock_enabled",
        "aws_s3_bucket_metric": "bucket",
        "aws_s3_bucket_policy": "bucket",
        "aws_secretsmanager_secret_policy": "secret_arn",
        "aws_secretsmanager_secret_version": "secret_id",
        "aws_security_group": "vpc_id description",
        "aws_sns_topic_policy": "arn",
        "aws_sns_topic_subscription": "topic_arn protocol endpoint",
        "aws_sqs_queue_policy": "queue_url",
        "aws_subnet": "vpc_id cidr_block",
        "aws_vpc": "cidr_block instance_tenancy",
        "aws_vpc_endpoint": "vpc_id service_name vpc_endpoint_type",
        "aws_vpc_security_group_egress_rule": "security_group_id",
        "aws_vpc_security_group_ingress_rule": "security_group_id",
        "databricks_external_location": "name",
        "databricks_service_principal_secret": "service_principal_id",
        "databricks_volume": "catalog_name schema_name volume_type",
        "random_id": "byte_length prefix keepers",
        "random_password": "length special override_special keepers",
    }.items()
}
_DECIDED_ANEW: Mapping[str, frozenset[str]] = {
    "aws_launch_template": frozenset({"latest_version"}),
    "aws_secretsmanager_secret_version": frozenset({"version_id"}),
    "aws_s3_object": frozenset({"version_id", "etag"}),
}


def replacing(type_name: str, prior: Mapping[str, Any] | None, planned: Mapping[str, Any]) -> list[str]:
    """The arguments whose change makes a new resource of this one."""
    if prior is None:
        return []
    names = _ALWAYS | _REPLACED.get(type_name, frozenset())
    if type_name not in _RENAMED_IN_PLACE:
        names |= {"name"}
    return sorted(name for name in names if name in planned and differs(prior.get(name), planned[name]))


def differs(before: Any, after: Any) -> bool:
    """Whether a value changes; one that is not known yet may."""
    return has_unknown(after) or before != after


def decided_anew(type_name: str, block: Block) -> frozenset[str]:
    """The computed attributes that each change of the resource gives another value."""
    return _DECIDED_ANEW.get(type_name, frozenset()) & block.attributes.keys()
