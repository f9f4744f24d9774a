"""What the services say of the complete example: not what Terraform remembers, but what is there."""

import json
from collections.abc import Iterator
from typing import Any

from tests.doubles.terraform.moto import Aws
from tests.terraform.moto.conftest import Platform

DATA = "/dev/sdf"
_GUARDED = {"DenyPlainText", "DenyForeign"}


def _queues(aws: Aws) -> dict[str, dict[str, str]]:
    urls = aws("sqs").list_queues()["QueueUrls"]
    found = [aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in urls]
    return {queue["QueueArn"].rpartition(":")[2]: queue for queue in found}


def _topics(aws: Aws) -> list[dict[str, str]]:
    arns = [topic["TopicArn"] for topic in aws("sns").list_topics()["Topics"]]
    return [aws("sns").get_topic_attributes(TopicArn=arn)["Attributes"] for arn in arns]


def _streams(aws: Aws) -> list[Any]:
    names = aws("kinesis").list_streams()["StreamNames"]
    return [aws("kinesis").describe_stream_summary(StreamName=name)["StreamDescriptionSummary"] for name in names]


def _tables(aws: Aws) -> list[Any]:
    return [
        aws("dynamodb").describe_table(TableName=name)["Table"] for name in aws("dynamodb").list_tables()["TableNames"]
    ]


def _templates(aws: Aws) -> dict[str, Any]:
    """What machines are made by, by the template's name."""
    found = {}
    for template in aws("ec2").describe_launch_templates()["LaunchTemplates"]:
        versions = aws("ec2").describe_launch_template_versions(
            LaunchTemplateId=template["LaunchTemplateId"], Versions=["$Default"]
        )
        found[template["LaunchTemplateName"]] = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    return found


def _bucket(platform: Platform) -> str:
    (bucket,) = platform.aws("s3").list_buckets()["Buckets"]
    return str(bucket["Name"])


def _keys(platform: Platform) -> Iterator[tuple[str, str | None]]:
    """Each thing that can have a key, with the one that it has."""
    aws = platform.aws
    for stream in _streams(aws):
        yield f"stream {stream['StreamName']}", stream.get("KeyId")
    for name, queue in _queues(aws).items():
        yield f"queue {name}", queue.get("KmsMasterKeyId")
    for topic in _topics(aws):
        yield f"topic {topic['TopicArn']}", topic.get("KmsMasterKeyId")
    for table in _tables(aws):
        yield f"table {table['TableName']}", table.get("SSEDescription", {}).get("KMSMasterKeyArn")
    for secret in aws("secretsmanager").list_secrets(MaxResults=100)["SecretList"]:
        yield f"secret {secret['Name']}", secret.get("KmsKeyId")
    for group in aws("logs").describe_log_groups()["logGroups"]:
        yield f"log group {group['logGroupName']}", group.get("kmsKeyId")
    for database in aws("rds").describe_db_instances()["DBInstances"]:
        yield f"database {database['DBInstanceIdentifier']}", database.get("KmsKeyId")
    for name, data in _templates(aws).items():
        for disk in data["BlockDeviceMappings"]:
            yield f"disk {disk['DeviceName']} of {name}", disk["Ebs"].get("KmsKeyId")
    for volume in aws("ec2").describe_volumes()["Volumes"]:
        (attached,) = volume["Attachments"]
        if attached["Device"] == DATA:  # the first disk that moto makes is its image's, not the template's
            yield f"volume {volume['VolumeId']}", volume.get("KmsKeyId") if volume["Encrypted"] else None
    rules = aws("s3").get_bucket_encryption(Bucket=_bucket(platform))["ServerSideEncryptionConfiguration"]["Rules"]
    yield "bucket", rules[0]["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")


def test_everything_is_encrypted_by_the_one_key(platform: Platform) -> None:
    found = dict(_keys(platform))
    kinds = {name.split()[0] for name in found}
    assert kinds == {"stream", "queue", "topic", "table", "secret", "log", "database", "disk", "volume", "bucket"}
    assert {name: key for name, key in found.items() if key != platform.key} == {}


def test_the_key_is_rotated_and_has_its_policy(platform: Platform) -> None:
    kms = platform.aws("kms")
    assert kms.get_key_rotation_status(KeyId=platform.key)["KeyRotationEnabled"]
    policy = json.loads(kms.get_key_policy(KeyId=platform.key, PolicyName="default")["Policy"])
    assert policy == json.loads(platform.state.one("aws_kms_key")["policy"])
    aliases = {alias["AliasName"]: alias.get("TargetKeyId") for alias in kms.list_aliases()["Aliases"]}
    assert aliases["alias/snowmelt-all"] == platform.key.rpartition("/")[2]


def test_everything_with_a_policy_keeps_strangers_out(platform: Platform) -> None:
    aws = platform.aws
    policies = {f"queue {name}": queue.get("Policy") for name, queue in _queues(aws).items()}
    policies |= {topic["TopicArn"]: topic.get("Policy") for topic in _topics(aws)}
    for stream in _streams(aws):
        found = aws("kinesis").get_resource_policy(ResourceARN=stream["StreamARN"])
        policies[stream["StreamARN"]] = found["Policy"]
    for table in _tables(aws):
        policies[table["TableArn"]] = aws("dynamodb").get_resource_policy(ResourceArn=table["TableArn"])["Policy"]
    for secret in aws("secretsmanager").list_secrets(MaxResults=100)["SecretList"]:
        found = aws("secretsmanager").get_resource_policy(SecretId=secret["ARN"])
        policies[secret["ARN"]] = found.get("ResourcePolicy")
    policies["bucket"] = aws("s3").get_bucket_policy(Bucket=_bucket(platform))["Policy"]
    said = {
        name: {s.get("Sid") for s in json.loads(text or "{}").get("Statement", [])} for name, text in policies.items()
    }
    kinds = ["sqs_queue", "sns_topic", "kinesis_stream", "dynamodb_table", "secretsmanager_secret", "s3_bucket"]
    assert len(said) == sum(len(platform.state.of(f"aws_{kind}")) for kind in kinds)
    assert {name: sids for name, sids in said.items() if not sids >= _GUARDED} == {}


def _sids(policy: str) -> set[str]:
    return {statement.get("Sid") for statement in json.loads(policy).get("Statement", [])}


def test_the_queue_is_fifo_with_dead_letters(platform: Platform) -> None:
    queues = _queues(platform.aws)
    live, dead = queues["snowmelt-all-loads.fifo"], queues["snowmelt-all-loads-dead.fifo"]
    for queue in (live, dead):
        assert queue["FifoQueue"] == "true"
        assert queue["DeduplicationScope"] == "messageGroup"
        assert queue["FifoThroughputLimit"] == "perMessageGroupId"
    assert json.loads(live["RedrivePolicy"]) == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 3}
    assert int(dead["MessageRetentionPeriod"]) >= int(live["MessageRetentionPeriod"])


def test_machines_have_no_door_of_their_own(platform: Platform) -> None:
    templates = _templates(platform.aws)
    assert len(templates) == 6
    for name, data in templates.items():
        assert data["MetadataOptions"]["HttpTokens"] == "required", name
        assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1, name
        assert [card["AssociatePublicIpAddress"] for card in data["NetworkInterfaces"]] == [False], name
        assert "KeyName" not in data, name
        assert all(disk["Ebs"]["Encrypted"] for disk in data["BlockDeviceMappings"]), name
    kept = {
        n for n, d in templates.items() if any(not m["Ebs"]["DeleteOnTermination"] for m in d["BlockDeviceMappings"])
    }
    assert "snowmelt-all-collector" in kept, "what it spilled outlives the machine"


def test_groups_run_the_newest_machines_in_private_subnets(platform: Platform) -> None:
    aws = platform.aws
    private = _without_way_in(aws)
    groups = aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert len(groups) == 6
    for group in groups:
        assert set(group["VPCZoneIdentifier"].split(",")) <= private
        template = group["LaunchTemplate"]
        newest = aws("ec2").describe_launch_templates(LaunchTemplateIds=[template["LaunchTemplateId"]])
        assert int(template["Version"]) == newest["LaunchTemplates"][0]["LatestVersionNumber"]
        assert group["MinSize"] <= group["DesiredCapacity"] <= group["MaxSize"]
    machines = [m for r in aws("ec2").describe_instances()["Reservations"] for m in r["Instances"]]
    assert len(machines) == sum(group["DesiredCapacity"] for group in groups)
    assert [m["InstanceId"] for m in machines if m.get("PublicIpAddress")] == []


def _without_way_in(aws: Aws) -> set[str]:
    """The subnets from whose route table no way leads to an internet gateway."""
    tables = aws("ec2").describe_route_tables()["RouteTables"]
    return {
        association["SubnetId"]
        for table in tables
        for association in table["Associations"]
        if "SubnetId" in association and not any(r.get("GatewayId", "").startswith("igw-") for r in table["Routes"])
    }


def test_a_collector_that_goes_is_waited_for(platform: Platform) -> None:
    hooks = platform.aws("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName="snowmelt-all-collector")
    (hook,) = hooks["LifecycleHooks"]
    assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert hook["HeartbeatTimeout"] >= 60


def test_the_front_door_speaks_tls_and_knows_its_hosts(platform: Platform) -> None:
    elb = platform.aws("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    listeners = {
        listener["Port"]: listener
        for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    }
    assert listeners[80]["DefaultActions"][0]["RedirectConfig"]["Protocol"] == "HTTPS"
    assert "TLS13" in listeners[443]["SslPolicy"]
    assert listeners[443]["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"] == "404"
    (certificate,) = listeners[443]["Certificates"]
    found = platform.aws("acm").describe_certificate(CertificateArn=certificate["CertificateArn"])["Certificate"]
    rules = elb.describe_rules(ListenerArn=listeners[443]["ListenerArn"])["Rules"]
    hosts = {
        host: elb.describe_target_groups(TargetGroupArns=[rule["Actions"][0]["TargetGroupArn"]])["TargetGroups"][0]
        for rule in rules
        for condition in rule["Conditions"]
        for host in condition["HostHeaderConfig"]["Values"]
    }
    assert set(hosts) == {f"{name}.events.example.com" for name in ("collector", "iglu", "page")}
    assert {found["DomainName"], *found["SubjectAlternativeNames"]} == set(hosts)
    assert {(group["Protocol"], group["Port"], group["HealthCheckProtocol"]) for group in hosts.values()} == {
        ("HTTPS", 443, "HTTPS")
    }


def test_every_alarm_and_every_log_is_heard(platform: Platform) -> None:
    alarms = platform.aws("cloudwatch").get_paginator("describe_alarms").paginate().build_full_result()["MetricAlarms"]
    topics = {topic["TopicArn"] for topic in _topics(platform.aws)}
    assert len(alarms) == len(platform.state.of("aws_cloudwatch_metric_alarm"))
    assert [a["AlarmName"] for a in alarms if not a["AlarmActions"] or not topics >= {*a["AlarmActions"]}] == []
    watched = {(alarm.get("Namespace"), alarm.get("MetricName")) for alarm in alarms}
    for group in platform.aws("logs").describe_log_groups()["logGroups"]:
        filters = platform.aws("logs").describe_metric_filters(logGroupName=group["logGroupName"])["metricFilters"]
        assert [f["filterPattern"] for f in filters] == ["ERROR"], group["logGroupName"]
        (metric,) = filters[0]["metricTransformations"]
        assert (metric["metricNamespace"], metric["metricName"]) in watched
        assert group["retentionInDays"] > 0


def test_databases_are_private_and_speak_tls(platform: Platform) -> None:
    rds = platform.aws("rds")
    private = _without_way_in(platform.aws)
    databases = rds.describe_db_instances()["DBInstances"]
    assert {database["DBName"] for database in databases} == {"airflow", "iglu"}
    for database in databases:
        assert not database["PubliclyAccessible"]
        assert database["StorageEncrypted"]
        assert database["BackupRetentionPeriod"] > 0
        assert {subnet["SubnetIdentifier"] for subnet in database["DBSubnetGroup"]["Subnets"]} <= private
        (group,) = database["DBParameterGroups"]
        parameters = rds.describe_db_parameters(DBParameterGroupName=group["DBParameterGroupName"])["Parameters"]
        assert {p["ParameterName"]: p["ParameterValue"] for p in parameters}["rds.force_ssl"] == "1"


def test_the_lake_is_private_and_tidy(platform: Platform) -> None:
    s3, bucket = platform.aws("s3"), {"Bucket": _bucket(platform)}
    blocked = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
    assert len(blocked) == 4
    assert all(blocked.values())
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    rules = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert {"DaysAfterInitiation": 1} in [rule.get("AbortIncompleteMultipartUpload") for rule in rules]
    assert all(rule["Status"] == "Enabled" for rule in rules)


def test_security_groups_are_what_terraform_says(platform: Platform) -> None:
    listed = platform.aws("ec2").describe_security_group_rules()["SecurityGroupRules"]
    ours = {group["id"] for group in platform.state.of("aws_security_group")}
    ours |= {group["id"] for group in platform.state.of("aws_default_security_group")}
    there = {rule["SecurityGroupRuleId"] for rule in listed if rule["GroupId"] in ours}
    kinds = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
    assert there == {rule["id"] for kind in kinds for rule in platform.state.of(kind)}


def test_roles_may_do_what_terraform_says(platform: Platform) -> None:
    iam = platform.aws("iam")
    for profile in iam.list_instance_profiles()["InstanceProfiles"]:
        (role,) = profile["Roles"]
        assert iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"] == []
        names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        found = {
            name: iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"] for name in names
        }
        said = platform.state.of("aws_iam_role_policy", role=role["RoleName"])
        assert found == {policy["name"]: json.loads(policy["policy"]) for policy in said}
        assert found
