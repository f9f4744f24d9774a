"""What AWS and Databricks call the things they make: templates of the attributes that a service decides.

`{…}` is an argument of the resource, an attribute further up in its table, `{account}`, `{region}`, `{partition}`,
`{dns}`, or something invented: `{hex17}` and `{hex16}` (hexadecimal digits), `{uuid}`, `{digits10}`, `{code6}` and
`{code12}` (letters and digits), `{CODE16}` (upper case). `{ec2}` and its like begin an ARN of the service.
Forms of ARNs: service authorization reference of AWS.
"""

from collections.abc import Mapping

Templates = Mapping[str, str]


def _ec2(prefix: str, kind: str, **more: str) -> Templates:
    return {"id": f"{prefix}-{{hex17}}", "arn": f"{{ec2}}:{kind}/{{id}}", "owner_id": "{account}", **more}


def _arn(arn: str, **more: str) -> Templates:
    """Something whose id is its ARN."""
    return {"arn": arn, "id": "{arn}", **more}


def _named(name: str, arn: str, **more: str) -> Templates:
    """Something whose id is its name."""
    return {"arn": arn, "id": f"{{{name}}}", **more}


_NETWORK: dict[str, Templates] = {
    "aws_vpc": _ec2(
        "vpc",
        "vpc",
        main_route_table_id="rtb-{hex17}",
        default_route_table_id="{main_route_table_id}",
        default_security_group_id="sg-{hex17}",
        default_network_acl_id="acl-{hex17}",
        dhcp_options_id="dopt-{hex17}",
        ipv6_cidr_block="",
        ipv6_association_id="",
    ),
    "aws_subnet": _ec2("subnet", "subnet", availability_zone="{region}a", availability_zone_id="euw1-az1"),
    "aws_internet_gateway": _ec2("igw", "internet-gateway"),
    "aws_nat_gateway": {"id": "nat-{hex17}", "network_interface_id": "eni-{hex17}", "public_ip": "{address}"},
    "aws_eip": {
        "allocation_id": "eipalloc-{hex17}",
        "id": "{allocation_id}",
        "arn": "{ec2}:elastic-ip/{id}",
        "public_ip": "{address}",
        "domain": "vpc",
    },
    "aws_route_table": _ec2("rtb", "route-table"),
    "aws_route": {"id": "r-{route_table_id}{digits10}", "origin": "CreateRoute", "state": "active"},
    "aws_route_table_association": {"id": "rtbassoc-{hex17}"},
    "aws_vpc_endpoint": _ec2("vpce", "vpc-endpoint", prefix_list_id="pl-{hex8}", state="available"),
    "aws_security_group": _ec2("sg", "security-group"),
    "aws_vpc_security_group_ingress_rule": {
        "security_group_rule_id": "sgr-{hex17}",
        "id": "{security_group_rule_id}",
        "arn": "{ec2}:security-group-rule/{id}",
    },
    "aws_flow_log": {"id": "fl-{hex17}", "arn": "{ec2}:vpc-flow-log/{id}"},
    "aws_lb": _arn(
        "{elb}:loadbalancer/{lb}/{name}/{hex16}",
        arn_suffix="{lb}/{name}/{hex16}",
        dns_name="{name}-{digits10}.{region}.elb.{dns}",
        zone_id="Z32O12XQLNTSW2",
        ip_address_type="ipv4",
    ),
    "aws_lb_target_group": _arn("{elb}:targetgroup/{name}/{hex16}", arn_suffix="targetgroup/{name}/{hex16}"),
    "aws_lb_listener": _arn("{listener}/{hex16}"),
    "aws_lb_listener_rule": _arn("{rule}/{hex16}", priority="1"),
    "aws_route53_zone": {
        "zone_id": "Z{CODE16}",
        "id": "{zone_id}",
        "arn": "arn:{partition}:route53:::hostedzone/{id}",
        "primary_name_server": "ns-1.awsdns-00.com",
    },
    "aws_route53_record": {"id": "{zone_id}_{name}_{type}", "fqdn": "{name}"},
    "aws_acm_certificate": _arn("{acm}:certificate/{uuid}", status="PENDING_VALIDATION", type="AMAZON_ISSUED"),
    "aws_acm_certificate_validation": {"id": "{certificate_arn}"},
}
_NETWORK["aws_vpc_security_group_egress_rule"] = _NETWORK["aws_vpc_security_group_ingress_rule"]

_COMPUTE: dict[str, Templates] = {
    "aws_launch_template": {"id": "lt-{hex17}", "arn": "{ec2}:launch-template/{id}"},
    "aws_instance": {"id": "i-{hex17}", "arn": "{ec2}:instance/{id}", "private_ip": "10.0.0.10"},
    "aws_ebs_volume": {"id": "vol-{hex17}", "arn": "{ec2}:volume/{id}"},
    "aws_autoscaling_group": _named(
        "name",
        "{autoscaling}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
        service_linked_role_arn="{iam}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        health_check_type="EC2",
    ),
    "aws_autoscaling_lifecycle_hook": {"id": "{name}"},
    "aws_autoscaling_policy": _named(
        "name",
        "{autoscaling}:scalingPolicy:{uuid}:autoScalingGroupName/{autoscaling_group_name}:policyName/{name}",
    ),
    "aws_db_instance": {
        "resource_id": "db-{CODE16}",
        "id": "{resource_id}",
        "arn": "{rds}:db:{identifier}",
        "address": "{identifier}.{code12}.{region}.rds.{dns}",
        "endpoint": "{address}:{port}",
        "hosted_zone_id": "Z29XKXDKYMONMX",
        "engine_version_actual": "{engine_version}",
        "status": "available",
    },
    "aws_db_subnet_group": _named("name", "{rds}:subgrp:{name}", vpc_id="vpc-{hex17}"),
    "aws_db_parameter_group": _named("name", "{rds}:pg:{name}"),
    "aws_ecr_repository": _named(
        "name",
        "{ecr}:repository/{name}",
        registry_id="{account}",
        repository_url="{account}.dkr.ecr.{region}.{dns}/{name}",
    ),
}

_DATA: dict[str, Templates] = {
    "aws_kinesis_stream": _arn("{kinesis}:stream/{name}"),
    "aws_kinesis_stream_consumer": _arn("{stream_arn}/consumer/{name}:{digits10}"),
    "aws_kinesis_resource_policy": {"id": "{resource_arn}"},
    "aws_dynamodb_table": _named("name", "{dynamodb}:table/{name}"),
    "aws_dynamodb_resource_policy": {"id": "{resource_arn}"},
    "aws_sqs_queue": {
        "policy": "",
        "redrive_policy": "",
        "redrive_allow_policy": "",
        "url": "https://sqs.{region}.{dns}/{account}/{name}",
        "id": "{url}",
        "arn": "{sqs}:{name}",
    },
    "aws_sqs_queue_policy": {"id": "{queue_url}"},
    "aws_sqs_queue_redrive_policy": {"id": "{queue_url}"},
    "aws_sqs_queue_redrive_allow_policy": {"id": "{queue_url}"},
    "aws_sns_topic": _arn("{sns}:{name}", owner="{account}"),
    "aws_sns_topic_policy": {"id": "{arn}", "owner": "{account}"},
    "aws_sns_topic_subscription": _arn("{topic_arn}:{uuid}", owner_id="{account}"),
    "aws_s3_bucket": _named(
        "bucket",
        "arn:{partition}:s3:::{bucket}",
        bucket_domain_name="{bucket}.s3.{dns}",
        bucket_region="{region}",
        bucket_regional_domain_name="{bucket}.s3.{region}.{dns}",
        hosted_zone_id="Z1BKCTXD74EZPE",
        request_payer="BucketOwner",
    ),
    "aws_s3_bucket_metric": {"id": "{bucket}:{name}"},
    "aws_s3_object": {
        "id": "{bucket}/{key}",
        "arn": "arn:{partition}:s3:::{bucket}/{key}",
        "storage_class": "STANDARD",
    },
}

_SECURITY: dict[str, Templates] = {
    "aws_kms_key": {"key_id": "{uuid}", "id": "{key_id}", "arn": "{kms}:key/{key_id}"},
    "aws_kms_alias": _named("name", "{kms}:{name}", target_key_arn="{kms}:key/{target_key_id}"),
    "aws_iam_role": _named("name", "{iam}:role{path_}{name}", unique_id="AROA{CODE16}"),
    "aws_iam_role_policy": {"id": "{role}:{name}"},
    "aws_iam_role_policy_attachment": {"id": "{role}/{policy_arn}"},
    "aws_iam_policy": _arn("{iam}:policy{path_}{name}", policy_id="ANPA{CODE16}"),
    "aws_iam_instance_profile": _named("name", "{iam}:instance-profile{path_}{name}", unique_id="AIPA{CODE16}"),
    "aws_iam_service_linked_role": {
        "name": "AWSServiceRoleFor{service}",
        "path": "/aws-service-role/{aws_service_name}/",
        "arn": "{iam}:role{path}{name}",
        "id": "{arn}",
        "unique_id": "AROA{CODE16}",
    },
    "aws_secretsmanager_secret": _arn("{secretsmanager}:secret:{name}-{code6}"),
    "aws_secretsmanager_secret_version": {
        "arn": "{secret_id}",
        "version_id": "{uuid}",
        "id": "{secret_id}|{version_id}",
    },
    "aws_secretsmanager_secret_policy": {"id": "{secret_arn}"},
    "aws_ssm_parameter": _named("name", "{ssm}:parameter/{name}"),
}

_WATCH: dict[str, Templates] = {
    "aws_cloudwatch_log_group": {**_named("name", "{logs}:log-group:{name}"), "log_group_class": "STANDARD"},
    "aws_cloudwatch_log_metric_filter": {"id": "{name}"},
    "aws_cloudwatch_metric_alarm": _named("alarm_name", "{cloudwatch}:alarm:{alarm_name}"),
    "aws_cloudwatch_composite_alarm": _named("alarm_name", "{cloudwatch}:alarm:{alarm_name}"),
    "aws_cloudwatch_event_rule": _named("name", "{events}:rule/{name}"),
    "aws_cloudwatch_dashboard": {
        "dashboard_arn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboard_name}",
        "id": "{dashboard_name}",
    },
    "aws_prometheus_workspace": {
        "id": "ws-{uuid}",
        "arn": "{aps}:workspace/{id}",
        "prometheus_endpoint": "https://aps-workspaces.{region}.{dns}/workspaces/{id}/",
    },
}

_DATABRICKS: dict[str, Templates] = {
    "databricks_storage_credential": {"id": "{name}", "storage_credential_id": "{uuid}"},
    "databricks_external_location": {"id": "{name}"},
    "databricks_catalog": {"id": "{name}"},
    "databricks_schema": {"id": "{catalog_name}.{name}", "schema_id": "{uuid}"},
    "databricks_volume": {
        "id": "{catalog_name}.{schema_name}.{name}",
        "volume_path": "/Volumes/{catalog_name}/{schema_name}/{name}",
    },
    "databricks_sql_endpoint": {
        "id": "{hex16}",
        "jdbc_url": "jdbc:databricks://workspace.cloud.databricks.com:443/default",
    },
    "databricks_service_principal": {
        "id": "{digits10}",
        "application_id": "{uuid}",
        "acl_principal_id": "servicePrincipals/{application_id}",
        "home": "/Users/{application_id}",
        "repos": "/Repos/{application_id}",
    },
    "databricks_service_principal_secret": {"id": "{uuid}", "secret": "dose{hex16}{hex16}", "status": "ACTIVE"},
    "databricks_notebook": {"id": "{path}", "url": "https://workspace.cloud.databricks.com/#workspace{path}"},
    "databricks_job": {"id": "{digits10}", "url": "https://workspace.cloud.databricks.com/#job/{id}"},
    "databricks_dashboard": {"id": "{hex16}{hex16}", "dashboard_id": "{id}"},
    "databricks_grant": {"id": "{hex16}"},
    "databricks_permissions": {"id": "{hex16}"},
}

TEMPLATES: Mapping[str, Templates] = _NETWORK | _COMPUTE | _DATA | _SECURITY | _WATCH | _DATABRICKS
"""By type: attribute -> template. Types that are not here get ids of a general form."""
