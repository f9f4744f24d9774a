"""Each walk notices what it is there for: a state in which one thing is not as it should be."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.doubles.terraform import Resource, State
from tests.terraform.state import (
    alarming,
    edge,
    encryption,
    guards,
    keeping,
    log_lines,
    machines,
    reachability,
    scraping,
    secrecy,
)
from tests.terraform.state.altered import GONE, Change, altered, inside, saying, started_with, text
from tests.terraform.state.test_walks import WALKS

Walk = Callable[[State], list[str]]
Case = tuple[Walk, str, str, Change, str]
"""A walk, the type of a resource and a part of its address, what is changed, and a part of what is to be found."""

ALARM, GROUP, KEY, LOGS = (
    "aws_cloudwatch_metric_alarm",
    "aws_autoscaling_group",
    "aws_kms_key",
    "aws_cloudwatch_log_group",
)
BUCKET, QUEUE, TEMPLATE, TOPIC = "aws_s3_bucket", "aws_sqs_queue", "aws_launch_template", "aws_sns_topic"
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
LISTENER, RULE, TARGET = "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group"
DATABASE, HOOK = "aws_db_instance", "aws_autoscaling_lifecycle_hook"
FILTER, VERSION = "aws_cloudwatch_log_metric_filter", "aws_secretsmanager_secret_version"
STRANGER = "arn:aws:iam::999999999999:role/any"


def allow(action: str, principal: Any = "*", **more: Any) -> Change:
    return saying("policy", Effect="Allow", Action=action, Principal=principal, Resource="*", **more)


def tagged(scrape: str | None) -> Change:
    """With the tag by which Prometheus finds machines, or without."""

    def changed(group: Resource) -> dict[str, Any]:
        others = [tag for tag in group["tag"] if tag["key"] != "snowmelt:scrape"]
        mark = {"key": "snowmelt:scrape", "value": scrape, "propagate_at_launch": True}
        return {"tag": others if scrape is None else [*others, mark]}

    return changed


ALARMS: list[Case] = [
    (alarming.unheard, ALARM, "dead-letters", {"alarm_actions": []}, "tells nobody"),
    (alarming.unheard, ALARM, "dead-letters", {"actions_enabled": False}, "tells nobody"),
    (alarming.unheard, ALARM, "dead-letters", {"alarm_actions": ["arn:aws:sns:eu-west-1:1:x"]}, "is no topic"),
    (alarming.unheard, "aws_sns_topic_subscription", "", {"protocol": "sqs"}, "nobody gets the mails"),
    (alarming.unheard, "aws_sns_topic_policy", "alarms", GONE, "may not sns:Publish"),
    (alarming.unheard, TOPIC, "alarms", {"kms_master_key_id": "alias/aws/sns"}, "not on the customer managed key"),
    (alarming.unheard, KEY, "", text("policy", "cloudwatch.", "events."), "may not kms:Decrypt"),
    (
        alarming.unheard,
        KEY,
        "",
        allow("kms:Decrypt", {"Service": "cloudwatch.amazonaws.com"}),
        "alarms of any account may kms:Decrypt",
    ),
    (alarming.missing, GROUP, "collector", {"name": "another"}, "no alarm on CPUUtilization"),
    (alarming.missing, ALARM, "low-cpu", {"comparison_operator": "GreaterThanThreshold"}, "CPUUtilization below"),
    (alarming.missing, ALARM, "-raw", GONE, "no alarm on GetRecords.IteratorAgeMilliseconds above"),
    (alarming.missing, ALARM, "spill-age", GONE, "no alarm on the age of its spill"),
    (alarming.missing, HOOK, "", GONE, "nothing was looked at"),
    (alarming.astray, ALARM, "get-success-raw", {"dimensions": {"StreamName": "row"}}, "there is no StreamName row"),
    (alarming.astray, ALARM, "get-success-raw", {"dimensions": {}}, "publishes nothing without dimensions"),
    (alarming.astray, ALARM, "client-errors", {"dimensions": {"BucketName": "b"}}, "need a FilterId"),
    (alarming.astray, ALARM, "error-log-iglu", {"metric_name": "Errors-igloo"}, "nobody publishes"),
    (alarming.astray, ALARM, "spill-age", {"dimensions": {"Stage": "iglu"}}, "nobody publishes"),
    (alarming.astray, ALARM, "failed-records-raw", {"metric_query": []}, "watches no metric"),
    (log_lines.unwatched, LOGS, "collector", {"kms_key_id": None}, "not on the customer managed key"),
    (log_lines.unwatched, LOGS, "collector", {"retention_in_days": 0}, "kept for ever"),
    (log_lines.unwatched, LOGS, "collector", {"log_group_class": "INFREQUENT_ACCESS"}, "need the class STANDARD"),
    (log_lines.unwatched, FILTER, "collector", GONE, "no metric filter counts ERROR"),
    (log_lines.unwatched, FILTER, "collector", inside("metric_transformation", default_value=None), "none as 0"),
    (log_lines.unwatched, ALARM, "error-log-collector", {"threshold": 100}, "no alarm goes off at the first line"),
    (log_lines.locked_out, KEY, "", text("policy", ":log-group:/", ":log-group:/other/"), "keeps CloudWatch Logs"),
    (log_lines.locked_out, KEY, "", text("policy", ":log-group:/snowmelt-all/", ":log-group:"), "lets logs."),
    (log_lines.unshipped, TEMPLATE, "iglu", started_with("=non-blocking", "=blocking"), "without waiting"),
    (log_lines.unshipped, TEMPLATE, "iglu", started_with("-all/iglu", "-all/page"), "its containers write to"),
    (scraping.unscraped, GROUP, "enrich", tagged("8125"), "is scraped in vain"),
    (scraping.unscraped, GROUP, "collector", tagged(None), "is not scraped"),
    (scraping.unscraped, TEMPLATE, "metrics", started_with("port: 8125", "port: 80"), "not on 8125"),
]

EDGE: list[Case] = [
    (edge.doors, "aws_lb", "", {"internal": True}, "not an application load balancer"),
    (edge.doors, "aws_lb", "", {"drop_invalid_header_fields": False}, "passes invalid headers on"),
    (edge.doors, LISTENER, ".https", {"ssl_policy": "ELBSecurityPolicy-2016-08"}, "not TLS 1.2 and 1.3"),
    (edge.doors, LISTENER, ".https", {"protocol": "HTTP"}, "not TLS 1.2 and 1.3"),
    (edge.doors, LISTENER, ".https", {"certificate_arn": None}, "has no certificate"),
    (edge.doors, LISTENER, ".https", {"default_action": [{"type": "forward"}]}, "not answered 404"),
    (edge.doors, LISTENER, ".https", {"port": 8443}, "only 80 and 443"),
    (edge.doors, LISTENER, ".http", {"port": 80, "default_action": [{"type": "forward"}]}, "not redirected"),
    (edge.services, RULE, "iglu", {"priority": 10}, "the priority 10 is taken 2 times"),
    (edge.services, RULE, "iglu", {"condition": []}, "no host is named"),
    (edge.services, RULE, "iglu", GONE, "0 rules lead there"),
    (edge.services, RULE, "iglu", {"listener_arn": "arn:plain"}, "answers on plain HTTP"),
    (edge.services, TARGET, "iglu", {"protocol": "HTTP"}, "not HTTPS on 443"),
    (edge.services, TARGET, "iglu", inside("health_check", path="/health"), "iglu is asked HTTPS /health"),
    (edge.services, GROUP, "iglu", {"target_group_arns": []}, "no machine is behind it"),
    (edge.services, TEMPLATE, "iglu", started_with("listen 0.0.0.0:443", "listen 0.0.0.0:444"), "no Nginx"),
    (edge.named, "aws_route53_record", "host", GONE, "no record leads to collector.events.example.com"),
    (edge.named, "aws_acm_certificate", "", {"subject_alternative_names": []}, "does not name iglu."),
    (reachability.open_ways, INGRESS, "collector", {"ip_protocol": "-1"}, "on every port"),
    (reachability.open_ways, INGRESS, "collector", {"to_port": 8080}, "8080 is the application's own port"),
    (reachability.open_ways, INGRESS, "collector.aws_vpc_security_group_ingress_rule.metrics", GONE, "cannot reach"),
    (reachability.open_ways, "aws_security_group", "edge", {"ingress": [{"from_port": 22}]}, "a rule of its own"),
    (reachability.open_ways, INGRESS, "world", {"cidr_ipv4": "10.0.0.0/8"}, "10.0.0.0/8 reaches balancer"),
    (reachability.leaving_ways, EGRESS, "enrich", {"from_port": 0, "to_port": 65535}, "goes to internet"),
    (reachability.leaving_ways, EGRESS, "iglu.aws_vpc_security_group_egress_rule.database", GONE, "may not go to"),
]

MACHINES: list[Case] = [
    (machines.exposed, GROUP, "enrich", {"vpc_zone_identifier": []}, "its subnets are not known"),
    (
        machines.exposed,
        GROUP,
        "enrich",
        lambda group: {"vpc_zone_identifier": group["vpc_zone_identifier"][:1]},
        "one zone",
    ),
    (machines.exposed, "aws_route_table_association", "private", GONE, "have a route to the internet"),
    (machines.exposed, "aws_route_table_association", "private", GONE, "a subnet has a route to the internet"),
    (machines.exposed, "aws_subnet", "private", {"map_public_ip_on_launch": True}, "gives public addresses"),
    (machines.exposed, TEMPLATE, "iglu", {"network_interfaces": []}, "get a public address"),
    (machines.exposed, DATABASE, "iglu", {"publicly_accessible": True}, "has a public address"),
    (machines.exposed, "aws_nat_gateway", "", GONE, "a public address of no NAT gateway"),
    (machines.careless, TEMPLATE, "iglu", {"key_name": "ops"}, "has an SSH key"),
    (machines.careless, TEMPLATE, "iglu", inside("metadata_options", http_tokens="optional"), "IMDSv1"),
    (machines.careless, TEMPLATE, "iglu", {"metadata_options": []}, "IMDSv1"),
    (
        machines.careless,
        TEMPLATE,
        "iglu",
        inside("metadata_options", http_put_response_hop_limit=3),
        "beyond the machine",
    ),
    (machines.careless, TEMPLATE, "iglu", {"block_device_mappings": []}, "as the image has it"),
    (machines.careless, TEMPLATE, "iglu", {"iam_instance_profile": []}, "has no role"),
    (machines.forgetful, TEMPLATE, "collector", {"tag_specifications": []}, "do not say whose they were"),
    (machines.forgetful, HOOK, "", {"heartbeat_timeout": 60}, "comes too late"),
    (machines.forgetful, HOOK, "", {"name": "other"}, "the machine's HOOK is"),
    (machines.forgetful, HOOK, "", {"autoscaling_group_name": "other"}, "without waiting for their spill"),
    (machines.forgetful, TEMPLATE, "collector", started_with("SPILL=/data", "SPILL=/tmp"), "not on the volume"),
    (machines.unrenewed, GROUP, "iglu", {"instance_refresh": []}, "a change reaches no machine"),
    (machines.unrenewed, GROUP, "iglu", {"health_check_type": "EC2"}, "is not replaced"),
    (
        machines.unrenewed,
        GROUP,
        "iglu",
        {"instance_refresh": [{"preferences": [{"min_healthy_percentage": 50, "auto_rollback": True}]}]},
        "takes machines away first",
    ),
]

KEPT: list[Case] = [
    (keeping.queues, QUEUE, "this", {"deduplication_scope": "queue"}, "deduplication_scope is queue"),
    (keeping.queues, QUEUE, "this", {"redrive_policy": None}, "has no queue of dead letters"),
    (keeping.queues, QUEUE, "this", {"visibility_timeout_seconds": 0}, "is hidden for 0 seconds"),
    (keeping.queues, QUEUE, "dead", {"message_retention_seconds": 60}, "not kept for 14 days"),
    (keeping.buckets, "aws_s3_bucket_public_access_block", "", {"block_public_acls": False}, "could be made public"),
    (keeping.buckets, "aws_s3_bucket_metric", "", GONE, "requests are not counted"),
    (keeping.buckets, "aws_s3_bucket_versioning", "", GONE, "what was overwritten is gone"),
    (keeping.buckets, "aws_s3_bucket_lifecycle_configuration", "", inside("rule", status="Disabled"), "after a day"),
    (
        keeping.buckets,
        "aws_s3_bucket_lifecycle_configuration",
        "",
        inside("rule", expiration=[{"days": 1}], filter=[{}]),
        "everything in it expires",
    ),
    (
        keeping.buckets,
        "aws_s3_bucket_server_side_encryption_configuration",
        "",
        inside("rule", bucket_key_enabled=False),
        "asks KMS for each object",
    ),
    (keeping.databases, DATABASE, "iglu", {"backup_retention_period": 0}, "is not backed up"),
    (keeping.databases, "aws_db_parameter_group", "iglu", {"parameter": []}, "answers without TLS"),
    (keeping.databases, "aws_dynamodb_table", "runs", {"point_in_time_recovery": []}, "cannot be restored"),
    (keeping.secrets, VERSION, "iglu-db", GONE, "holds nothing"),
    (keeping.secrets, VERSION, "iglu-db", {"secret_string": "hunter22"}, "its text is in the state"),
    (keeping.secrets, VERSION, "iglu-db", {"secret_string_wo_version": None}, "could never be changed"),
    (keeping.secrets, DATABASE, "iglu", {"password": "hunter22"}, "its password is in the state"),
    (keeping.streams, "aws_kinesis_stream", "raw", {"retention_period": 12}, "keeps less than a day"),
    (
        keeping.streams,
        "aws_kinesis_stream",
        "raw",
        {"stream_mode_details": [{"stream_mode": "PROVISIONED"}], "shard_count": None},
        "provisioned without shards",
    ),
    (encryption.loose_key, KEY, "", {"enable_key_rotation": False}, "never rotated"),
    (encryption.loose_key, KEY, "", {"deletion_window_in_days": 1}, "deleted within a week"),
    (encryption.unencrypted, "aws_dynamodb_table", "runs", {"server_side_encryption": []}, "no block says how"),
    (encryption.unencrypted, "aws_s3_bucket_server_side_encryption_configuration", "", GONE, "no encryption"),
    (encryption.unencrypted, "aws_kinesis_stream", "raw", {"encryption_type": "NONE"}, "encryption_type is NONE"),
    (encryption.unencrypted, DATABASE, "iglu", {"storage_encrypted": False}, "storage_encrypted is not true"),
    (secrecy.in_user_data, TEMPLATE, "iglu", started_with("#cloud-config\n", "#!/bin/sh\n"), "is no cloud-config"),
    (secrecy.in_user_data, TEMPLATE, "iglu", started_with("/run/", "AKIAABCDEFGHIJKLMNOP/"), "holds a key"),
]

GUARDS: list[Case] = [
    *(
        (guards.unguarded, kind, "", GONE, "has no policy")
        for kind in (
            "aws_dynamodb_resource_policy",
            "aws_kinesis_resource_policy",
            "aws_s3_bucket_policy",
            "aws_secretsmanager_secret_policy",
            "aws_sns_topic_policy",
            "aws_sqs_queue_policy",
        )
    ),
    (guards.unguarded, "aws_sqs_queue_policy", "", text("policy", "aws:SecureTransport", "aws:Secure"), "plain text"),
    (
        guards.unguarded,
        "aws_sqs_queue_policy",
        "",
        text("policy", "aws:PrincipalAccount", "aws:Other"),
        "is denied even to",
    ),
    (
        guards.unguarded,
        "aws_sqs_queue_policy",
        "",
        text("policy", '"sqs:*"', '"sqs:Send*"'),
        "ReceiveMessage is not denied",
    ),
    (guards.unlocked_key, KEY, "", allow("kms:Decrypt"), "lets anybody kms:Decrypt"),
    (guards.unlocked_key, KEY, "", allow("kms:*", {"AWS": STRANGER}), f"lets {STRANGER}"),
    (guards.unlocked_key, KEY, "", allow("kms:Decrypt", {"Service": "s3.amazonaws.com"}), "lets s3.amazonaws.com"),
    (guards.unlocked_key, KEY, "", text("policy", ":root", ":user/owner"), "nobody of the account may change"),
    (guards.unlocked_key, KEY, "", text("policy", "AWSServiceRoleForAutoScaling", "Other"), "Auto Scaling may not"),
    (guards.unlocked_key, KEY, "", text("policy", "GrantIsForAWSResource", "Other"), "may not hand the key to EC2"),
]

CASES = [*ALARMS, *EDGE, *MACHINES, *KEPT, *GUARDS]


@pytest.mark.parametrize(("walk", "kind", "part", "change", "expected"), CASES)
def test_it_notices(walk: Walk, kind: str, part: str, change: Change, expected: str, complete: State) -> None:
    found = walk(altered(complete, kind, part, change))
    assert any(expected in finding for finding in found), found


def test_each_walk_was_tried() -> None:
    assert {walk for walk, *_ in CASES} == set(WALKS)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.__module__.rpartition('.')[2]}.{walk.__name__}")
def test_an_empty_state_proves_nothing(walk: Walk) -> None:
    try:
        found = walk(State([], {}))
    except LookupError:
        return
    assert found or walk is edge.named  # which looks at what an environment may leave out


def test_no_alarm_goes_unnoticed_but_those_beyond_what_is_demanded(complete: State) -> None:
    unnoticed = set()
    for alarm in complete.of(ALARM):
        without = State([r for r in complete.resources if r is not alarm], {})
        if not alarming.missing(without) and not log_lines.unwatched(without):
            unnoticed.add(alarm.index)
    twins = ("iterator-age-", "events-expire-")  # two thresholds on one metric
    beyond = ("failed-records-", "read-throttled-", "write-throttled-")
    assert {name for name in unnoticed if not name.startswith(twins + beyond)} == set()


def test_every_key_argument_matters(complete: State) -> None:
    key = complete.one(KEY)["arn"]
    named = [
        (r, name) for r in complete.resources for name, value in r.values.items() if "kms" in name and value == key
    ]
    assert len({resource.type for resource, _ in named}) > 5
    for resource, name in named:
        found = encryption.unencrypted(altered(complete, resource.type, resource.address, {name: "alias/aws/other"}))
        assert any(name in finding for finding in found), resource.address
