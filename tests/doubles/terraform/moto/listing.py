"""What lies in a moto server, asked of each service itself."""

from collections.abc import Iterator
from typing import Any

from tests.doubles.terraform.moto.clients import Aws

_LISTS = (
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn"),
    ("amp", "list_workspaces", "workspaces", "arn"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("ec2", "describe_addresses", "Addresses", "AllocationId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_volumes", "Volumes", "VolumeId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("kinesis", "list_streams", "StreamNames", ""),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    ("rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("secretsmanager", "list_secrets", "SecretList", "ARN"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("ssm", "describe_parameters", "Parameters", "Name"),
)
"""Without network interfaces: moto 5.2 leaves those of a machine that is gone."""

_GOING = {"deleted", "deleting"}


def listing(aws: Aws) -> set[tuple[str, str]]:
    """Everything that is there, as pairs of what it was listed as and its name or id."""
    found = {(key, name) for service, call, key, field in _LISTS for name in _names(aws(service), call, key, field)}
    found |= {("Keys", key) for key in _names(aws("kms"), "list_keys", "Keys", "KeyId") if _is_kept(aws, key)}
    return found | {("Instances", machine) for machine in _machines(aws)}


def _names(client: Any, call: str, key: str, field: str) -> Iterator[str]:
    if client.can_paginate(call):
        answer = client.get_paginator(call).paginate().build_full_result()
    else:
        answer = getattr(client, call)()
    for one in answer.get(key, []):
        if not field:
            yield one
        elif str(one.get("State")) not in _GOING:
            yield one[field]


def _is_kept(aws: Aws, key: str) -> bool:
    return bool(aws("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] != "PendingDeletion")


def _machines(aws: Aws) -> Iterator[str]:
    for reservation in aws("ec2").describe_instances()["Reservations"]:
        for machine in reservation["Instances"]:
            if machine["State"]["Name"] != "terminated":
                yield machine["InstanceId"]
