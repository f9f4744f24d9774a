"""Load balancers and their target groups."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, overlaid

_BALANCER = {
    "deletion_protection.enabled": "enable_deletion_protection",
    "idle_timeout.timeout_seconds": "idle_timeout",
    "routing.http.drop_invalid_header_fields.enabled": "drop_invalid_header_fields",
    "routing.http.desync_mitigation_mode": "desync_mitigation_mode",
    "routing.http.preserve_host_header.enabled": "preserve_host_header",
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _create_balancer(aws: Aws, given: Arguments) -> Values:
    scheme = "internal" if given["internal"] else "internet-facing"
    made = aws("elbv2").create_load_balancer(
        **given.named(Name="name", Subnets="subnets", SecurityGroups="security_groups", Type="load_balancer_type"),
        Scheme=scheme,
        Tags=given.tags(),
    )["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    _set_balancer(aws, given, arn)
    suffix = arn.partition(":loadbalancer/")[2]
    return {
        "id": arn,
        "arn": arn,
        "arn_suffix": suffix,
        "dns_name": made["DNSName"],
        "zone_id": made["CanonicalHostedZoneId"],
        "vpc_id": made["VpcId"],
    }


def _set_balancer(aws: Aws, given: Arguments, arn: str) -> None:
    wished = [{"Key": name, "Value": _text(given[ours])} for name, ours in _BALANCER.items() if given[ours] is not None]
    for log in given.blocks("access_logs"):
        wished += [
            {"Key": "access_logs.s3.enabled", "Value": _text(bool(log["enabled"]))},
            {"Key": "access_logs.s3.bucket", "Value": log["bucket"]},
            {"Key": "access_logs.s3.prefix", "Value": log["prefix"] or ""},
        ]
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wished)


def _update_balancer(aws: Aws, given: Arguments, prior: Values) -> Values:
    _set_balancer(aws, given, prior["arn"])
    return {}


def _delete_balancer(aws: Aws, prior: Values) -> None:
    """Removes it where it is not protected: moto 5.2 keeps that attribute and does not mind it."""
    if _attributes(aws, prior["arn"])["deletion_protection.enabled"] == "true":
        raise PermissionError(
            f"OperationNotPermitted: {prior['arn']} cannot be deleted, deletion protection is enabled"
        )
    aws("elbv2").delete_load_balancer(LoadBalancerArn=prior["arn"])


def _attributes(aws: Aws, arn: str) -> dict[str, str]:
    listed = aws("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in listed}


def _read_balancer(aws: Aws, prior: Values) -> Values | None:
    aws("elbv2").describe_load_balancers(LoadBalancerArns=[prior["arn"]])
    texts = _attributes(aws, prior["arn"])
    found: Values = {}
    for name, ours in _BALANCER.items():
        if prior[ours] is not None and name in texts:
            found[ours] = prior[ours] if _text(prior[ours]) == texts[name] else _typed(prior[ours], texts[name])
    return found


def _typed(like: Any, text: str) -> Any:
    if isinstance(like, bool):
        return text == "true"
    return int(text) if isinstance(like, int) else text


_HEALTH = {
    "HealthCheckProtocol": "protocol",
    "HealthCheckPath": "path",
    "HealthCheckPort": "port",
    "HealthCheckIntervalSeconds": "interval",
    "HealthCheckTimeoutSeconds": "timeout",
    "HealthyThresholdCount": "healthy_threshold",
    "UnhealthyThresholdCount": "unhealthy_threshold",
}


def _create_targets(aws: Aws, given: Arguments) -> Values:
    health = given.block("health_check")
    made = aws("elbv2").create_target_group(
        **given.named(Name="name", Protocol="protocol", Port="port", VpcId="vpc_id", TargetType="target_type"),
        **health.named(**_HEALTH),
        **({"Matcher": {"HttpCode": health["matcher"]}} if health["matcher"] else {}),
        Tags=given.tags(),
    )["TargetGroups"][0]
    arn = made["TargetGroupArn"]
    if given["deregistration_delay"]:
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": str(given["deregistration_delay"])}
        aws("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=[delay])
    return {"id": arn, "arn": arn, "arn_suffix": arn.rpartition(":")[2]}


def _read_targets(aws: Aws, prior: Values) -> Values | None:
    found = aws("elbv2").describe_target_groups(TargetGroupArns=[prior["arn"]])["TargetGroups"][0]
    said = {"protocol": found["HealthCheckProtocol"], "path": found["HealthCheckPath"]}
    said["interval"] = found["HealthCheckIntervalSeconds"]
    block = {"health_check": overlaid(prior, "health_check", **said)} if prior["health_check"] else {}
    return {"port": found["Port"], "protocol": found["Protocol"], **block}


KINDS = {
    "aws_lb": Kind(
        _create_balancer,
        _read_balancer,
        _delete_balancer,
        _update_balancer,
    ),
    "aws_lb_target_group": Kind(
        _create_targets,
        _read_targets,
        lambda aws, prior: aws("elbv2").delete_target_group(TargetGroupArn=prior["arn"]),
    ),
}
