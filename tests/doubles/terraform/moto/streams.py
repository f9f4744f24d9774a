"""Kinesis: streams and their policies."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, overlaid, put

_DAY = 24


def _create_stream(aws: Aws, given: Arguments) -> Values:
    name = {"StreamName": given["name"]}
    mode = given.block("stream_mode_details").named(StreamMode="stream_mode")
    asked = given.named(ShardCount="shard_count", MaxRecordSizeInKiB="max_record_size_in_kib")
    aws("kinesis").create_stream(**name, **asked, **({"StreamModeDetails": mode} if mode else {}))
    if given["encryption_type"] == "KMS":
        aws("kinesis").start_stream_encryption(**name, EncryptionType="KMS", KeyId=given["kms_key_id"])
    _retain(aws, name, _DAY, int(given["retention_period"] or _DAY))
    if given.tag_map():
        aws("kinesis").add_tags_to_stream(**name, Tags=given.tag_map())
    arn = _summary(aws, given["name"])["StreamARN"]
    return {"id": arn, "arn": arn}


def _summary(aws: Aws, name: str) -> Any:
    return aws("kinesis").describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]


def _retain(aws: Aws, name: dict[str, str], before: int, hours: int) -> None:
    if hours > before:
        aws("kinesis").increase_stream_retention_period(**name, RetentionPeriodHours=hours)
    elif hours < before:
        aws("kinesis").decrease_stream_retention_period(**name, RetentionPeriodHours=hours)


def _read_stream(aws: Aws, prior: Values) -> Values | None:
    found = _summary(aws, prior["name"])
    kind, mode = found["EncryptionType"], found["StreamModeDetails"]["StreamMode"]
    said = {"stream_mode_details": overlaid(prior, "stream_mode_details", stream_mode=mode)}
    return {
        "arn": found["StreamARN"],
        "encryption_type": None if (prior["encryption_type"], kind) == (None, "NONE") else kind,
        "kms_key_id": found.get("KeyId"),
        "retention_period": found["RetentionPeriodHours"],
        **(said if prior["stream_mode_details"] else {}),
    }


def _update_stream(aws: Aws, given: Arguments, prior: Values) -> Values:
    name = {"StreamName": prior["name"]}
    _retain(aws, name, int(prior["retention_period"] or _DAY), int(given["retention_period"] or _DAY))
    if given["encryption_type"] == "KMS":
        aws("kinesis").start_stream_encryption(**name, EncryptionType="KMS", KeyId=given["kms_key_id"])
    elif prior["encryption_type"] == "KMS":
        aws("kinesis").stop_stream_encryption(**name, EncryptionType="KMS", KeyId=prior["kms_key_id"])
    return {}


def _put_policy(aws: Aws, given: Arguments) -> Values:
    aws("kinesis").put_resource_policy(ResourceARN=given["resource_arn"], Policy=given["policy"])
    return {"id": given["resource_arn"]}


def _read_policy(aws: Aws, prior: Values) -> Values | None:
    found = aws("kinesis").get_resource_policy(ResourceARN=prior["resource_arn"])["Policy"]
    return {"policy": as_before(prior["policy"], found)} if found not in ("", "{}") else None


KINDS = {
    "aws_kinesis_stream": Kind(
        _create_stream,
        _read_stream,
        lambda aws, prior: aws("kinesis").delete_stream(StreamName=prior["name"], EnforceConsumerDeletion=True),
        _update_stream,
        {"enforce_consumer_deletion": "goes into the call that deletes the stream"},
    ),
    "aws_kinesis_resource_policy": put(
        _put_policy,
        _read_policy,
        lambda aws, prior: aws("kinesis").delete_resource_policy(ResourceARN=prior["resource_arn"]),
    ),
}
