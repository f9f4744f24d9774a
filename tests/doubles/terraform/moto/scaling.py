"""Auto scaling groups and their lifecycle hooks."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, first, overlaid, put

_GROUP = {
    "MinSize": "min_size",
    "MaxSize": "max_size",
    "DesiredCapacity": "desired_capacity",
    "HealthCheckType": "health_check_type",
    "HealthCheckGracePeriod": "health_check_grace_period",
}


def _asked(given: Arguments) -> Values:
    block = given.block("launch_template")
    template = block.named(LaunchTemplateId="id") or block.named(LaunchTemplateName="name")
    return {
        "AutoScalingGroupName": given["name"],
        **given.named(**_GROUP),
        "LaunchTemplate": template | block.named(Version="version"),
        "VPCZoneIdentifier": ",".join(given["vpc_zone_identifier"]),
    }


def _create_group(aws: Aws, given: Arguments) -> Values:
    tags = [
        {
            **tag.named(Key="key", Value="value", PropagateAtLaunch="propagate_at_launch"),
            "ResourceId": given["name"],
            "ResourceType": "auto-scaling-group",
        }
        for tag in given.blocks("tag")
    ]
    asked = _asked(given) | given.named(TargetGroupARNs="target_group_arns")
    aws("autoscaling").create_auto_scaling_group(**asked, Tags=tags)
    return {"id": given["name"], "arn": _group(aws, given["name"])["AutoScalingGroupARN"]}


def _group(aws: Aws, name: str) -> Any:
    return first(aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"])


def _read_group(aws: Aws, prior: Values) -> Values | None:
    found = _group(aws, prior["name"])
    if found is None:
        return None
    version = found["LaunchTemplate"]["Version"]
    return {ours: found[theirs] for theirs, ours in _GROUP.items() if prior[ours] is not None} | {
        "launch_template": overlaid(prior, "launch_template", version=version),
    }


def _update_group(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("autoscaling").update_auto_scaling_group(**_asked(given))
    return {}


def _delete_group(aws: Aws, prior: Values) -> None:
    aws("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=prior["name"], ForceDelete=True)


def _put_hook(aws: Aws, given: Arguments) -> Values:
    asked = given.named(
        LifecycleHookName="name",
        AutoScalingGroupName="autoscaling_group_name",
        LifecycleTransition="lifecycle_transition",
        DefaultResult="default_result",
        HeartbeatTimeout="heartbeat_timeout",
    )
    aws("autoscaling").put_lifecycle_hook(**asked)
    return {"id": given["name"]}


def _hook_names(prior: Values) -> Values:
    return {"AutoScalingGroupName": prior["autoscaling_group_name"], "LifecycleHookName": prior["name"]}


def _read_hook(aws: Aws, prior: Values) -> Values | None:
    group = {"AutoScalingGroupName": prior["autoscaling_group_name"]}
    hooks = aws("autoscaling").describe_lifecycle_hooks(**group, LifecycleHookNames=[prior["name"]])["LifecycleHooks"]
    found = first(hooks)
    return found and {
        "lifecycle_transition": found["LifecycleTransition"],
        "heartbeat_timeout": found["HeartbeatTimeout"],
        "default_result": found["DefaultResult"],
    }


KINDS = {
    "aws_autoscaling_group": Kind(
        _create_group,
        _read_group,
        _delete_group,
        _update_group,
        {"instance_refresh": "moto has no instance refresh"},
    ),
    "aws_autoscaling_lifecycle_hook": put(
        _put_hook, _read_hook, lambda aws, prior: aws("autoscaling").delete_lifecycle_hook(**_hook_names(prior))
    ),
}
