"""The complete example from its first plan to its end, and what somebody changes behind Terraform's back meanwhile."""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from tests.doubles.terraform import Cloud, Stack, State
from tests.doubles.terraform.moto import Aws, Moto, listing
from tests.terraform.conftest import TERRAFORM, Work, example_variables
from tests.terraform.moto.conftest import COMPLETE, TOLD

pytestmark = pytest.mark.slow

ONLY_DOUBLED = {
    "aws_acm_certificate_validation",  # moto issues a certificate at once
    "aws_route53_record",  # the zone is somebody else's
    "aws_s3_bucket_metric",  # moto has no request metrics
    "aws_sqs_queue_redrive_allow_policy",  # moto forgets the attribute
}
"""The AWS types of our modules that moto does not have."""


def test_complete_is_made_watched_repaired_and_removed(
    moto: Moto, aws: Aws, real: Cloud, work: Work, record_property: Callable[[str, object], None]
) -> None:
    empty = listing(aws)
    stack = Stack(COMPLETE, real, work("complete"))
    state = stack.apply()
    record_property(TOLD, _told(moto, state))
    _only_known_types_are_not_made(moto, state)
    assert stack.plan().is_clean

    for change, _ in DRIFT.values():
        change(aws, state)
    found = {change.address: change.action for change in stack.plan().resource_changes}
    found = {address: action for address, action in found.items() if action not in ("no-op", "read")}
    expected = {_address(state, where): action for _, (where, action) in DRIFT.values()}
    expected |= {_address(state, "module.iglu.aws_autoscaling_group.this"): "update"}  # to its template's next version
    assert found == expected
    stack.apply()
    assert stack.plan().is_clean

    stack.destroy()
    left = listing(aws) - empty
    assert {kind for kind, _ in left} == {"Volumes"}, "all else is gone, but the volumes of data, which are kept"
    assert len(left) == _machines_with_data(state)
    assert empty - listing(aws) == set(), "nothing was removed that was there before"


def _told(moto: Moto, state: State) -> str:
    there = Counter(r.type for r in state.resources if r.mode == "managed" and r.type.startswith("aws_"))
    others = sum(r.mode == "managed" for r in state.resources) - there.total()
    doubled = ", ".join(f"{name} ({count})" for name, count in sorted(there.items()) if not moto.creates(name))
    made = sum(moto.made.values())
    return (
        f"examples/complete: {made} of {there.total()} AWS resources, of {len(moto.made)} types, really made in moto; "
        f"in the double alone: {doubled}; {others} of other providers"
    )


def _only_known_types_are_not_made(moto: Moto, state: State) -> None:
    there = Counter(r.type for r in state.resources if r.mode == "managed" and r.type.startswith("aws_"))
    assert {name for name in there if not moto.creates(name)} <= ONLY_DOUBLED
    assert moto.made == {name: count for name, count in there.items() if moto.creates(name)}


def _machines_with_data(state: State) -> int:
    groups = {
        group["launch_template"][0]["id"]: group["desired_capacity"] for group in state.of("aws_autoscaling_group")
    }
    kept = {
        template["id"]
        for template in state.of("aws_launch_template")
        for disk in template["block_device_mappings"]
        if disk["ebs"][0]["delete_on_termination"] == "false"
    }
    assert kept
    return sum(int(size) for template, size in groups.items() if template in kept)


def _address(state: State, where: str) -> str:
    """The address of which the end is given."""
    (found,) = [r.address for r in state.resources if r.mode == "managed" and r.address.endswith(where)]
    return found


def _open_to_all(aws: Aws, state: State) -> None:
    topic = state.one("aws_sns_topic", name="snowmelt-all-alarms")["arn"]
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
    aws("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def _widen(aws: Aws, state: State) -> None:
    role = state.one("aws_iam_role", name="snowmelt-all-iglu")["name"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    aws("iam").put_role_policy(RoleName=role, PolicyName="machine", PolicyDocument=json.dumps(policy))


def _soften_template(aws: Aws, state: State) -> None:
    template = state.one("aws_launch_template", name="snowmelt-all-iglu")
    data = {
        "ImageId": template["image_id"],
        "InstanceType": template["instance_type"],
        "UserData": template["user_data"],
        "MetadataOptions": {"HttpTokens": "optional"},
    }
    aws("ec2").create_launch_template_version(LaunchTemplateId=template["id"], LaunchTemplateData=data)


def _silence(aws: Aws, state: State) -> None:
    alarm = state.one("aws_cloudwatch_metric_alarm", alarm_name="snowmelt-all-put-success-raw")
    aws("cloudwatch").put_metric_alarm(
        AlarmName=alarm["alarm_name"],
        AlarmDescription=alarm["alarm_description"],
        ComparisonOperator=alarm["comparison_operator"],
        EvaluationPeriods=alarm["evaluation_periods"],
        DatapointsToAlarm=alarm["datapoints_to_alarm"] or alarm["evaluation_periods"],
        Threshold=alarm["threshold"],
        TreatMissingData=alarm["treat_missing_data"],
        Namespace=alarm["namespace"],
        MetricName=alarm["metric_name"],
        Statistic=alarm["statistic"],
        Period=alarm["period"],
        Dimensions=[{"Name": name, "Value": value} for name, value in alarm["dimensions"].items()],
        AlarmActions=[],
        OKActions=alarm["ok_actions"],
    )


Change = Callable[[Aws, State], object]

DRIFT: dict[str, tuple[Change, tuple[str, str]]] = {
    "an alarm is deleted": (
        lambda aws, state: aws("cloudwatch").delete_alarms(AlarmNames=["snowmelt-all-put-success-bad"]),
        ('aws_cloudwatch_metric_alarm.this["put-success-bad"]', "create"),
    ),
    "an alarm tells nobody any more": (_silence, ('aws_cloudwatch_metric_alarm.this["put-success-raw"]', "update")),
    "a log is kept for a day only": (
        lambda aws, state: aws("logs").put_retention_policy(logGroupName="/snowmelt-all/iglu", retentionInDays=1),
        ("module.iglu.aws_cloudwatch_log_group.this", "update"),
    ),
    "a filter is deleted": (
        lambda aws, state: aws("logs").delete_metric_filter(
            logGroupName="/snowmelt-all/iglu", filterName="snowmelt-all-error-iglu"
        ),
        ('aws_cloudwatch_log_metric_filter.error["iglu"]', "create"),
    ),
    "the key is no longer rotated": (
        lambda aws, state: aws("kms").disable_key_rotation(KeyId=state.one("aws_kms_key")["key_id"]),
        ("aws_kms_key.this", "update"),
    ),
    "a stream is stored in the clear": (
        lambda aws, state: aws("kinesis").stop_stream_encryption(
            StreamName="snowmelt-all-bad", EncryptionType="KMS", KeyId=state.one("aws_kms_key")["arn"]
        ),
        ('aws_kinesis_stream.this["bad"]', "update"),
    ),
    "a queue has no policy": (
        lambda aws, state: aws("sqs").set_queue_attributes(
            QueueUrl=state.one("aws_sqs_queue", name="snowmelt-all-loads.fifo")["url"], Attributes={"Policy": ""}
        ),
        ('aws_sqs_queue_policy.this["live"]', "create"),
    ),
    "dead letters are dropped after a minute": (
        lambda aws, state: aws("sqs").set_queue_attributes(
            QueueUrl=state.one("aws_sqs_queue", name="snowmelt-all-loads-dead.fifo")["url"],
            Attributes={
                "MessageRetentionPeriod": "60",
                "Policy": next(p["policy"] for p in state.of("aws_sqs_queue_policy") if p.index == "dead"),
            },
        ),
        ("aws_sqs_queue.dead", "update"),
    ),
    "a topic takes messages from everybody": (_open_to_all, ('aws_sns_topic_policy.this["alarms"]', "update")),
    "somebody is no longer told": (
        lambda aws, state: aws("sns").unsubscribe(
            SubscriptionArn=next(s["arn"] for s in state.of("aws_sns_topic_subscription") if s.index == "alarms/data")
        ),
        ('aws_sns_topic_subscription.email["alarms/data"]', "create"),
    ),
    "the lake may be public": (
        lambda aws, state: aws("s3").put_public_access_block(
            Bucket=state.one("aws_s3_bucket")["bucket"],
            PublicAccessBlockConfiguration=dict.fromkeys(
                ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
            ),
        ),
        ("aws_s3_bucket_public_access_block.this", "update"),
    ),
    "the lake is encrypted by another key": (
        lambda aws, state: aws("s3").put_bucket_encryption(
            Bucket=state.one("aws_s3_bucket")["bucket"],
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        ),
        ("aws_s3_bucket_server_side_encryption_configuration.this", "update"),
    ),
    "a role may do anything": (_widen, ("module.iglu.aws_iam_role_policy.base", "update")),
    "an instance gets its metadata without a token": (
        _soften_template,
        ("module.iglu.aws_launch_template.this", "update"),
    ),
    "a group grows": (
        lambda aws, state: aws("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName="snowmelt-all-page", MaxSize=9
        ),
        ("module.page[0].aws_autoscaling_group.this", "update"),
    ),
    "nobody waits for the spill": (
        lambda aws, state: aws("autoscaling").delete_lifecycle_hook(
            AutoScalingGroupName="snowmelt-all-collector", LifecycleHookName="snowmelt-all-collector-drain"
        ),
        ("module.collector.aws_autoscaling_lifecycle_hook.drain[0]", "create"),
    ),
    "a rule of a security group is removed": (
        lambda aws, state: aws("ec2").revoke_security_group_ingress(
            GroupId=(rule := _rule(state))["security_group_id"], SecurityGroupRuleIds=[rule["id"]]
        ),
        ("module.collector.aws_vpc_security_group_ingress_rule.edge[0]", "create"),
    ),
    "a host is no longer known": (
        lambda aws, state: aws("elbv2").delete_rule(
            RuleArn=next(r["arn"] for r in state.of("aws_lb_listener_rule") if r.index == "page")
        ),
        ('aws_lb_listener_rule.host["page"]', "create"),
    ),
    "old TLS is spoken": (
        lambda aws, state: aws("elbv2").modify_listener(
            ListenerArn=state.one("aws_lb_listener", port=443)["arn"], SslPolicy="ELBSecurityPolicy-2016-08"
        ),
        ("aws_lb_listener.https", "update"),
    ),
    "a database is public": (
        lambda aws, state: aws("rds").modify_db_instance(
            DBInstanceIdentifier="snowmelt-all-airflow", PubliclyAccessible=True
        ),
        ('module.database["airflow"].aws_db_instance.this', "update"),
    ),
    "the table of leases has no backups": (
        lambda aws, state: aws("dynamodb").update_continuous_backups(
            TableName="snowmelt-all-runs", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
        ),
        ('aws_dynamodb_table.lease["runs"]', "update"),
    ),
}
"""What happens, and where and as what a plan shows it."""


def _rule(state: State) -> dict[str, str]:
    (found,) = [
        rule.values
        for rule in state.of("aws_vpc_security_group_ingress_rule")
        if rule.address.endswith("module.collector.aws_vpc_security_group_ingress_rule.edge[0]")
    ]
    return dict(found)


def test_what_prod_protects_cannot_be_deleted(moto: Moto, aws: Aws, real: Cloud, work: Work) -> None:
    folder = TERRAFORM / "environments" / "prod"
    stack = Stack(folder, real, work("prod"), variable_file=example_variables(folder))
    state = stack.apply()
    databases = aws("rds").describe_db_instances()["DBInstances"]
    assert databases
    assert all(database["DeletionProtection"] and not database["PubliclyAccessible"] for database in databases)
    (balancer,) = aws("elbv2").describe_load_balancers()["LoadBalancers"]
    found = aws("elbv2").describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
    assert {"Key": "deletion_protection.enabled", "Value": "true"} in found
    protected = [r for kind in ("aws_db_instance", "aws_dynamodb_table", "aws_lb") for r in state.of(kind)]
    for resource in protected:
        with pytest.raises(Exception, match=r"(?i)protection"):
            moto.delete(resource.type, dict(resource.values))
