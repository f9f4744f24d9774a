"""IAM: roles, their policies, and the profiles by which machines take them."""

import json
from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, first, put


def _create_role(aws: Aws, given: Arguments) -> Values:
    asked = given.named(
        RoleName="name",
        AssumeRolePolicyDocument="assume_role_policy",
        Description="description",
        Path="path",
        MaxSessionDuration="max_session_duration",
        PermissionsBoundary="permissions_boundary",
    )
    made = aws("iam").create_role(**asked, Tags=given.tags())["Role"]
    return {"id": made["RoleName"], "arn": made["Arn"], "unique_id": made["RoleId"]}


def _read_role(aws: Aws, prior: Values) -> Values | None:
    found = aws("iam").get_role(RoleName=prior["name"])["Role"]
    return {
        "description": found.get("Description") or prior["description"],
        "assume_role_policy": as_before(prior["assume_role_policy"], json.dumps(found["AssumeRolePolicyDocument"])),
        "permissions_boundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    }


def _update_role(aws: Aws, given: Arguments, prior: Values) -> Values:
    policy = given["assume_role_policy"]
    aws("iam").update_assume_role_policy(RoleName=prior["name"], PolicyDocument=policy)
    aws("iam").update_role(RoleName=prior["name"], Description=given["description"] or "")
    return {}


def _put_role_policy(aws: Aws, given: Arguments) -> Values:
    aws("iam").put_role_policy(
        **given.named(RoleName="role", PolicyName="name", PolicyDocument="policy"),
    )
    return {"id": f"{given['role']}:{given['name']}"}


def _read_role_policy(aws: Aws, prior: Values) -> Values | None:
    found = aws("iam").get_role_policy(RoleName=prior["role"], PolicyName=prior["name"])
    return {"policy": as_before(prior["policy"], json.dumps(found["PolicyDocument"]))}


def _delete_role_policy(aws: Aws, prior: Values) -> None:
    aws("iam").delete_role_policy(RoleName=prior["role"], PolicyName=prior["name"])


def _create_policy(aws: Aws, given: Arguments) -> Values:
    asked = given.named(PolicyName="name", PolicyDocument="policy", Description="description", Path="path")
    arn = aws("iam").create_policy(**asked, Tags=given.tags())["Policy"]["Arn"]
    return {"id": arn, "arn": arn}


def _read_policy(aws: Aws, prior: Values) -> Values | None:
    found = aws("iam").get_policy(PolicyArn=prior["arn"])["Policy"]
    version = aws("iam").get_policy_version(PolicyArn=prior["arn"], VersionId=found["DefaultVersionId"])
    return {"policy": as_before(prior["policy"], json.dumps(version["PolicyVersion"]["Document"]))}


def _update_policy(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("iam").create_policy_version(PolicyArn=prior["arn"], PolicyDocument=given["policy"], SetAsDefault=True)
    return {}


def _attach(aws: Aws, given: Arguments) -> Values:
    aws("iam").attach_role_policy(**given.named(RoleName="role", PolicyArn="policy_arn"))
    return {}


def _read_attachment(aws: Aws, prior: Values) -> Values | None:
    attached: list[dict[str, Any]] = aws("iam").list_attached_role_policies(RoleName=prior["role"])["AttachedPolicies"]
    return first([{} for policy in attached if policy["PolicyArn"] == prior["policy_arn"]])


def _detach(aws: Aws, prior: Values) -> None:
    aws("iam").detach_role_policy(RoleName=prior["role"], PolicyArn=prior["policy_arn"])


def _create_profile(aws: Aws, given: Arguments) -> Values:
    asked = given.named(InstanceProfileName="name", Path="path")
    made = aws("iam").create_instance_profile(**asked, Tags=given.tags())["InstanceProfile"]
    if given["role"]:
        aws("iam").add_role_to_instance_profile(InstanceProfileName=given["name"], RoleName=given["role"])
    return {"id": given["name"], "arn": made["Arn"], "unique_id": made["InstanceProfileId"]}


def _read_profile(aws: Aws, prior: Values) -> Values | None:
    found = aws("iam").get_instance_profile(InstanceProfileName=prior["name"])["InstanceProfile"]
    role = first(found["Roles"])
    return {"role": role["RoleName"] if role else None}


def _delete_profile(aws: Aws, prior: Values) -> None:
    name = {"InstanceProfileName": prior["name"]}
    if prior["role"]:
        aws("iam").remove_role_from_instance_profile(**name, RoleName=prior["role"])
    aws("iam").delete_instance_profile(**name)


def _create_linked(aws: Aws, given: Arguments) -> Values:
    asked = given.named(AWSServiceName="aws_service_name", Description="description", CustomSuffix="custom_suffix")
    made = aws("iam").create_service_linked_role(**asked)["Role"]
    return {"id": made["Arn"], "arn": made["Arn"], "name": made["RoleName"], "unique_id": made["RoleId"]}


def _read_linked(aws: Aws, prior: Values) -> Values | None:
    return {"arn": aws("iam").get_role(RoleName=prior["name"])["Role"]["Arn"]}


KINDS = {
    "aws_iam_role": Kind(
        _create_role, _read_role, lambda aws, prior: aws("iam").delete_role(RoleName=prior["name"]), _update_role
    ),
    "aws_iam_role_policy": put(_put_role_policy, _read_role_policy, _delete_role_policy),
    "aws_iam_policy": Kind(
        _create_policy,
        _read_policy,
        lambda aws, prior: aws("iam").delete_policy(PolicyArn=prior["arn"]),
        _update_policy,
    ),
    "aws_iam_role_policy_attachment": Kind(_attach, _read_attachment, _detach),
    "aws_iam_instance_profile": Kind(_create_profile, _read_profile, _delete_profile),
    "aws_iam_service_linked_role": Kind(
        _create_linked,
        _read_linked,
        lambda aws, prior: aws("iam").delete_service_linked_role(RoleName=prior["name"]),
    ),
}
