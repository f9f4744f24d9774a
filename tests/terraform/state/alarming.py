"""From an alarm to a person's mailbox, and from each resource to the alarms that it must have."""

from collections.abc import Iterator, Mapping

from tests.doubles.terraform.state import Resource, State
from tests.terraform.iam.evaluator import Decision, Principal, Target, decide
from tests.terraform.state.world import blocks, by, key_policy, policy_of, some, stage_of, world

_CLOUDWATCH = Principal(service="cloudwatch.amazonaws.com")
_ABOVE, _BELOW = "Greater", "Less"
_FOREIGN = "999999999999"

DEMANDED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "aws_autoscaling_group": (
        ("AWS/EC2", "CPUUtilization", _ABOVE),
        ("AWS/EC2", "CPUUtilization", _BELOW),
        ("AWS/EC2", "StatusCheckFailed", _ABOVE),
    ),
    "aws_db_instance": (
        ("AWS/RDS", "CPUUtilization", _ABOVE),
        ("AWS/RDS", "FreeStorageSpace", _BELOW),
        ("AWS/RDS", "FreeableMemory", _BELOW),
        ("AWS/RDS", "DatabaseConnections", _ABOVE),
    ),
    "aws_kinesis_stream": (
        ("AWS/Kinesis", "PutRecords.Success", _BELOW),
        ("AWS/Kinesis", "GetRecords.Success", _BELOW),
        ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", _ABOVE),
    ),
    "aws_lb": (("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", _ABOVE),),
    "aws_lb_target_group": (
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", _ABOVE),
        ("AWS/ApplicationELB", "UnHealthyHostCount", _ABOVE),
        ("AWS/ApplicationELB", "TargetTLSNegotiationErrorCount", _ABOVE),
    ),
    "aws_s3_bucket": (("AWS/S3", "4xxErrors", _ABOVE), ("AWS/S3", "5xxErrors", _ABOVE)),
    "aws_sns_topic": (("AWS/SNS", "NumberOfNotificationsFailed", _ABOVE),),
    "aws_sqs_queue": (
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", _ABOVE),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", _ABOVE),
        ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", _ABOVE),
    ),
}
"""Type of resource -> namespace, metric and side of the alarms on each of them."""

_DEAD_LETTERS = (("AWS/SQS", "ApproximateNumberOfMessagesVisible", _ABOVE),)

DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "AutoScalingGroupName": ("aws_autoscaling_group", "name"),
    "BucketName": ("aws_s3_bucket", "bucket"),
    "DBInstanceIdentifier": ("aws_db_instance", "identifier"),
    "LoadBalancer": ("aws_lb", "arn_suffix"),
    "QueueName": ("aws_sqs_queue", "name"),
    "StreamName": ("aws_kinesis_stream", "name"),
    "TargetGroup": ("aws_lb_target_group", "arn_suffix"),
    "TopicName": ("aws_sns_topic", "name"),
}
"""Dimension of AWS's metrics -> the resources that it may name, and by what."""

Watch = tuple[str, str, Mapping[str, str]]


def unheard(state: State) -> list[str]:
    """Alarms that no person hears of."""
    found = list(some(state, "aws_cloudwatch_metric_alarm", "aws_sns_topic", "aws_sns_topic_subscription"))
    place = world(state)
    topics = by(state.of("aws_sns_topic"), "arn")
    mailed = {s["topic_arn"] for s in state.of("aws_sns_topic_subscription") if s["protocol"] == "email"}
    for alarm in state.of("aws_cloudwatch_metric_alarm"):
        actions = alarm.values.get("alarm_actions") or []
        if not actions or alarm.values.get("actions_enabled") is False:
            found.append(f"{alarm.address}: the alarm tells nobody")
        for action in actions:
            if action not in topics:
                found.append(f"{alarm.address}: {action} is no topic of this state")
            elif action not in mailed:
                found.append(f"{alarm.address}: nobody gets the mails of {topics[action]['name']}")
            else:
                found += _stopped(state, alarm, topics[action], place.account)
    return found


def _stopped(state: State, alarm: Resource, topic: Resource, account: str) -> Iterator[str]:
    """Where between CloudWatch and the topic an alarm is refused, or somebody else's is not."""
    told = {"aws:SourceAccount": account, "aws:SourceArn": alarm["arn"]}
    foreign = {"aws:SourceAccount": _FOREIGN, "aws:SourceArn": alarm["arn"].replace(account, _FOREIGN)}
    key = state.one("aws_kms_key")
    asked = [("sns:Publish", Target(topic["arn"], account, policy_of(state, topic)))]
    if topic["kms_master_key_id"] in (key["arn"], key["key_id"]):
        target = Target(key["arn"], account, key_policy(state), by_policy_only=True)
        asked += [("kms:Decrypt", target), ("kms:GenerateDataKey", target)]
    else:
        yield f"{topic.address}: not on the customer managed key, so CloudWatch cannot be let in"
    for action, target in asked:
        if decide(_CLOUDWATCH, action, target, told) != Decision.ALLOWED:
            yield f"{alarm.address}: CloudWatch may not {action} on the way to {topic['name']}"
        if decide(_CLOUDWATCH, action, target, foreign) == Decision.ALLOWED:
            yield f"{topic.address}: alarms of any account may {action}"


def missing(state: State) -> list[str]:
    """Resources without the alarms that are demanded of their kind."""
    found = list(some(state, *DEMANDED))
    watched = [(watch, alarm) for alarm in state.of("aws_cloudwatch_metric_alarm") for watch in watches(alarm)]
    dead = dead_letters(state)
    for kind, demanded in DEMANDED.items():
        names = [(name, attribute) for name, (its, attribute) in DIMENSIONS.items() if its == kind]
        for resource in state.of(kind):
            for namespace, metric, side in _DEAD_LETTERS if resource.values.get("arn") in dead else demanded:
                alarms = [
                    alarm
                    for watch, alarm in watched
                    if watch[:2] == (namespace, metric)
                    and alarm["comparison_operator"].startswith(side)
                    and any(watch[2].get(name) == resource[attribute] for name, attribute in names)
                ]
                if not alarms:
                    found.append(f"{resource.address}: no alarm on {metric} {'above' if side == _ABOVE else 'below'}")
                if kind == "aws_sns_topic" and any(a["alarm_actions"] == [resource["arn"]] for a in alarms):
                    found.append(f"{resource.address}: its own failure is told by itself")
    return found + list(_spills(state, watched))


def _spills(state: State, watched: list[tuple[Watch, Resource]]) -> Iterator[str]:
    place = world(state)
    yield from some(state, "aws_autoscaling_lifecycle_hook")
    for hook in state.of("aws_autoscaling_lifecycle_hook"):
        for group in state.of("aws_autoscaling_group", name=hook["autoscaling_group_name"]):
            wanted = (place.name, "SpillAgeSeconds", {"Stage": stage_of(group)})
            if not any(watch == wanted for watch, _ in watched):
                yield f"{group.address}: no alarm on the age of its spill"


def astray(state: State) -> list[str]:
    """Alarms on something that is not there."""
    found = list(some(state, "aws_cloudwatch_metric_alarm"))
    place = world(state)
    counted = {
        (block["namespace"], block["name"])
        for filter_ in state.of("aws_cloudwatch_log_metric_filter")
        for block in blocks(filter_.values, "metric_transformation")
    }
    filters = {(m["bucket"], m["name"]) for m in state.of("aws_s3_bucket_metric")}
    drained = {hook["autoscaling_group_name"] for hook in state.of("aws_autoscaling_lifecycle_hook")}
    spilling = {stage_of(group) for group in state.of("aws_autoscaling_group") if group["name"] in drained}
    for alarm in state.of("aws_cloudwatch_metric_alarm"):
        seen = list(watches(alarm))
        if not seen:
            found.append(f"{alarm.address}: watches no metric")
        for namespace, metric, dimensions in seen:
            if namespace == place.name:
                own = metric == "SpillAgeSeconds" and dimensions.get("Stage") in spilling
                if not own and (namespace, metric) not in counted:
                    found.append(f"{alarm.address}: nobody publishes {metric} {dict(dimensions)}")
                continue
            if not dimensions:
                found.append(f"{alarm.address}: {namespace} publishes nothing without dimensions")
            for name, value in dimensions.items():
                if name == "FilterId":
                    there = (dimensions.get("BucketName"), value) in filters
                else:
                    kind, attribute = DIMENSIONS.get(name, ("", ""))
                    there = any(resource[attribute] == value for resource in state.of(kind))
                if not there:
                    found.append(f"{alarm.address}: there is no {name} {value}")
            if namespace == "AWS/S3" and "FilterId" not in dimensions:
                found.append(f"{alarm.address}: S3's request metrics need a FilterId")
    return found


def watches(alarm: Resource) -> Iterator[Watch]:
    """What an alarm looks at: namespace, metric and dimensions, of a formula those of each part."""
    for values in [alarm.values, *blocks(alarm.values, "metric_query.metric")]:
        if values.get("metric_name"):
            yield values["namespace"], values["metric_name"], values.get("dimensions") or {}


def dead_letters(state: State) -> frozenset[str]:
    """ARNs of the queues that are the dead letters of others."""
    from json import loads

    return frozenset(
        loads(queue["redrive_policy"])["deadLetterTargetArn"]
        for queue in state.of("aws_sqs_queue")
        if queue.values.get("redrive_policy")
    )
