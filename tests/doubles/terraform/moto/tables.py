"""DynamoDB: tables and their policies."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, overlaid, put


def _create_table(aws: Aws, given: Arguments) -> Values:
    name = {"TableName": given["name"]}
    keys = [
        {"AttributeName": given[key], "KeyType": kind}
        for key, kind in (("hash_key", "HASH"), ("range_key", "RANGE"))
        if given[key]
    ]
    encryption = given.block("server_side_encryption")
    made = aws("dynamodb").create_table(
        **name,
        **given.named(BillingMode="billing_mode", DeletionProtectionEnabled="deletion_protection_enabled"),
        KeySchema=keys,
        AttributeDefinitions=[b.named(AttributeName="name", AttributeType="type") for b in given.blocks("attribute")],
        SSESpecification={
            "Enabled": bool(encryption["enabled"]),
            "SSEType": "KMS",
            **encryption.named(KMSMasterKeyId="kms_key_arn"),
        },
        Tags=given.tags(),
    )["TableDescription"]
    _keep_backups(aws, given)
    return {"id": given["name"], "arn": made["TableArn"]}


def _keep_backups(aws: Aws, given: Arguments) -> None:
    recovery = given.block("point_in_time_recovery")
    wished: Values = {"PointInTimeRecoveryEnabled": bool(recovery["enabled"])}
    if recovery["recovery_period_in_days"]:
        wished["RecoveryPeriodInDays"] = int(recovery["recovery_period_in_days"])
    aws("dynamodb").update_continuous_backups(TableName=given["name"], PointInTimeRecoverySpecification=wished)


def _read_table(aws: Aws, prior: Values) -> Values | None:
    name = {"TableName": prior["name"]}
    found = aws("dynamodb").describe_table(**name)["Table"]
    backups = aws("dynamodb").describe_continuous_backups(**name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    encryption = found.get("SSEDescription", {})
    protected = found["DeletionProtectionEnabled"]
    return {
        "arn": found["TableArn"],
        "deletion_protection_enabled": protected or (None if prior["deletion_protection_enabled"] is None else False),
        **_block(prior, "point_in_time_recovery", enabled=recovery),
        **_block(
            prior,
            "server_side_encryption",
            enabled=encryption.get("Status") == "ENABLED",
            kms_key_arn=encryption.get("KMSMasterKeyArn"),
        ),
    }


def _block(prior: Values, name: str, **found: Any) -> Values:
    return {name: overlaid(prior, name, **found)} if prior.get(name) else {}


def _update_table(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("dynamodb").update_table(
        TableName=prior["name"], DeletionProtectionEnabled=bool(given["deletion_protection_enabled"])
    )
    _keep_backups(aws, given)
    return {}


def _delete_table(aws: Aws, prior: Values) -> None:
    aws("dynamodb").delete_table(TableName=prior["name"])


def _put_policy(aws: Aws, given: Arguments) -> Values:
    aws("dynamodb").put_resource_policy(ResourceArn=given["resource_arn"], Policy=given["policy"])
    return {"id": given["resource_arn"]}


def _read_policy(aws: Aws, prior: Values) -> Values | None:
    found = aws("dynamodb").get_resource_policy(ResourceArn=prior["resource_arn"]).get("Policy")
    return {"policy": as_before(prior["policy"], found)} if found else None


def _delete_policy(aws: Aws, prior: Values) -> None:
    aws("dynamodb").delete_resource_policy(ResourceArn=prior["resource_arn"])


KINDS = {
    "aws_dynamodb_table": Kind(_create_table, _read_table, _delete_table, _update_table),
    "aws_dynamodb_resource_policy": put(_put_policy, _read_policy, _delete_policy),
}
