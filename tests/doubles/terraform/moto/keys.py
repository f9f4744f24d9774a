"""KMS: keys and their aliases."""

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, first


def _create_key(aws: Aws, given: Arguments) -> Values:
    asked = given.named(Description="description", Policy="policy", KeyUsage="key_usage", MultiRegion="multi_region")
    made = aws("kms").create_key(**asked, Tags=given.tags("TagKey", "TagValue"))["KeyMetadata"]
    if given["enable_key_rotation"]:
        aws("kms").enable_key_rotation(
            KeyId=made["KeyId"], **given.named(RotationPeriodInDays="rotation_period_in_days")
        )
    return {"id": made["KeyId"], "key_id": made["KeyId"], "arn": made["Arn"]}


def _read_key(aws: Aws, prior: Values) -> Values | None:
    found = aws("kms").describe_key(KeyId=prior["key_id"])["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        return None
    policy = aws("kms").get_key_policy(KeyId=prior["key_id"], PolicyName="default")["Policy"]
    return {
        "description": found["Description"],
        "is_enabled": found["Enabled"] if prior.get("is_enabled") is not None else None,
        "enable_key_rotation": aws("kms").get_key_rotation_status(KeyId=prior["key_id"])["KeyRotationEnabled"],
        "policy": as_before(prior["policy"], policy),
    }


def _update_key(aws: Aws, given: Arguments, prior: Values) -> Values:
    key = {"KeyId": prior["key_id"]}
    if given["policy"]:
        aws("kms").put_key_policy(**key, PolicyName="default", Policy=given["policy"])
    aws("kms").update_key_description(**key, Description=given["description"] or "")
    (aws("kms").enable_key_rotation if given["enable_key_rotation"] else aws("kms").disable_key_rotation)(**key)
    return {}


def _delete_key(aws: Aws, prior: Values) -> None:
    aws("kms").schedule_key_deletion(
        KeyId=prior["key_id"], PendingWindowInDays=int(prior["deletion_window_in_days"] or 30)
    )


def _create_alias(aws: Aws, given: Arguments) -> Values:
    aws("kms").create_alias(AliasName=given["name"], TargetKeyId=given["target_key_id"])
    return {"id": given["name"]}


def _update_alias(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("kms").update_alias(AliasName=prior["name"], TargetKeyId=given["target_key_id"])
    return {}


def _read_alias(aws: Aws, prior: Values) -> Values | None:
    aliases = aws("kms").list_aliases()["Aliases"]
    found = first([alias for alias in aliases if alias["AliasName"] == prior["name"]])
    return found and {"target_key_id": found["TargetKeyId"]}


KINDS = {
    "aws_kms_key": Kind(
        _create_key,
        _read_key,
        _delete_key,
        _update_key,
        {"deletion_window_in_days": "goes into the call that deletes the key"},
    ),
    "aws_kms_alias": Kind(
        _create_alias,
        _read_alias,
        lambda aws, prior: aws("kms").delete_alias(AliasName=prior["name"]),
        _update_alias,
    ),
}
