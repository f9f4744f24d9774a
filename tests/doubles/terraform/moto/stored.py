"""Secrets Manager and the parameters of Systems Manager."""

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, put


def _create_secret(aws: Aws, given: Arguments) -> Values:
    asked = given.named(Name="name", Description="description", KmsKeyId="kms_key_id")
    arn = aws("secretsmanager").create_secret(**asked, Tags=given.tags())["ARN"]
    return {"id": arn, "arn": arn}


def _read_secret(aws: Aws, prior: Values) -> Values | None:
    found = aws("secretsmanager").describe_secret(SecretId=prior["arn"])
    if "DeletedDate" in found:
        return None
    return {"description": found.get("Description") or prior["description"], "kms_key_id": found.get("KmsKeyId")}


def _update_secret(aws: Aws, given: Arguments, prior: Values) -> Values:
    asked = given.named(Description="description", KmsKeyId="kms_key_id")
    aws("secretsmanager").update_secret(SecretId=prior["arn"], **asked)
    return {}


def _delete_secret(aws: Aws, prior: Values) -> None:
    days = prior["recovery_window_in_days"]
    how: Values = {"ForceDeleteWithoutRecovery": True} if days == 0 else {"RecoveryWindowInDays": int(days or 30)}
    aws("secretsmanager").delete_secret(SecretId=prior["arn"], **how)


def _put_version(aws: Aws, given: Arguments) -> Values:
    text = given["secret_string_wo"] or given["secret_string"]
    made = aws("secretsmanager").put_secret_value(SecretId=given["secret_id"], SecretString=text)
    return {
        "id": f"{given['secret_id']}|{made['VersionId']}",
        "arn": made["ARN"],
        "version_id": made["VersionId"],
        "version_stages": made["VersionStages"],
    }


def _update_version(aws: Aws, given: Arguments, prior: Values) -> Values:
    """A write-only text is new when the number beside it is: what it was nobody knows."""
    if given["secret_string_wo"] and given["secret_string_wo_version"] == prior["secret_string_wo_version"]:
        return {}
    return _put_version(aws, given)


def _read_version(aws: Aws, prior: Values) -> Values | None:
    found = aws("secretsmanager").describe_secret(SecretId=prior["secret_id"])
    stages = found.get("VersionIdsToStages", {}).get(prior["version_id"])
    return None if stages is None or "DeletedDate" in found else {"version_stages": stages}


def _put_policy(aws: Aws, given: Arguments) -> Values:
    aws("secretsmanager").put_resource_policy(
        SecretId=given["secret_arn"],
        ResourcePolicy=given["policy"],
        **given.named(BlockPublicPolicy="block_public_policy"),
    )
    return {"id": given["secret_arn"]}


def _read_policy(aws: Aws, prior: Values) -> Values | None:
    found = aws("secretsmanager").get_resource_policy(SecretId=prior["secret_arn"]).get("ResourcePolicy")
    return {"policy": as_before(prior["policy"], found)} if found else None


_PARAMETER = {"Name": "name", "Type": "type", "Description": "description", "KeyId": "key_id", "Tier": "tier"}


def _put_parameter(aws: Aws, given: Arguments) -> Values:
    text = given["value_wo"] or given["value"] or given["insecure_value"]
    asked = given.named(**_PARAMETER)
    made = aws("ssm").put_parameter(**asked, Value=text, Overwrite=True)
    return {"id": given["name"], "version": made["Version"]}


def _read_parameter(aws: Aws, prior: Values) -> Values | None:
    found = aws("ssm").get_parameter(Name=prior["name"], WithDecryption=True)["Parameter"]
    values = {"type": found["Type"], "version": found["Version"], "arn": found["ARN"]}
    return values | ({"value": found["Value"]} if prior["value"] is not None else {})


KINDS = {
    "aws_secretsmanager_secret": Kind(
        _create_secret,
        _read_secret,
        _delete_secret,
        _update_secret,
        {"recovery_window_in_days": "goes into the call that deletes the secret"},
    ),
    "aws_secretsmanager_secret_version": Kind(
        _put_version,
        _read_version,
        lambda aws, prior: None,  # it goes with its secret
        _update_version,
        {"secret_string_wo_version": "Terraform's own number"},
    ),
    "aws_secretsmanager_secret_policy": put(
        _put_policy,
        _read_policy,
        lambda aws, prior: aws("secretsmanager").delete_resource_policy(SecretId=prior["secret_arn"]),
    ),
    "aws_ssm_parameter": put(
        _put_parameter,
        _read_parameter,
        lambda aws, prior: aws("ssm").delete_parameter(Name=prior["name"]),
        {"value_wo_version": "Terraform's own number", "tags": "a parameter that exists takes no tags"},
    ),
}
