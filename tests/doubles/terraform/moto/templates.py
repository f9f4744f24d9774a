"""Launch templates: what machines are made by."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, overlaid
from tests.doubles.terraform.moto.network import identified, tagged

_DISK = {
    "VolumeType": "volume_type",
    "VolumeSize": "volume_size",
    "Iops": "iops",
    "Throughput": "throughput",
    "KmsKeyId": "kms_key_id",
    "SnapshotId": "snapshot_id",
}


def _flag(value: Any) -> bool:
    """Some arguments of a launch template are the words true and false."""
    return value in (True, "true")


def _data(given: Arguments) -> Values:
    """What machines are made by, as EC2 wants it."""
    metadata = given.block("metadata_options").named(
        HttpEndpoint="http_endpoint", HttpTokens="http_tokens", HttpPutResponseHopLimit="http_put_response_hop_limit"
    )
    profile = given.block("iam_instance_profile").named(Arn="arn", Name="name")
    parts: Values = {
        **given.named(ImageId="image_id", InstanceType="instance_type", KeyName="key_name", UserData="user_data"),
        "IamInstanceProfile": profile,
        "MetadataOptions": metadata,
        "Monitoring": {"Enabled": _flag(given.block("monitoring")["enabled"])},
        "NetworkInterfaces": [
            _interface(block, index) for index, block in enumerate(given.blocks("network_interfaces"))
        ],
        "SecurityGroupIds": given["vpc_security_group_ids"],
        "BlockDeviceMappings": [_disk(block) for block in given.blocks("block_device_mappings")],
        "TagSpecifications": [
            {"ResourceType": block["resource_type"], "Tags": _pairs(block["tags"])}
            for block in given.blocks("tag_specifications")
        ],
    }
    return {name: part for name, part in parts.items() if part}


def _interface(block: Arguments, index: int) -> Values:
    return {
        "DeviceIndex": int(block["device_index"] or index),
        "AssociatePublicIpAddress": _flag(block["associate_public_ip_address"]),
        **block.named(Groups="security_groups", SubnetId="subnet_id"),
    }


def _disk(block: Arguments) -> Values:
    ebs = block.block("ebs")
    switches = {"Encrypted": _flag(ebs["encrypted"]), "DeleteOnTermination": _flag(ebs["delete_on_termination"])}
    return {**block.named(DeviceName="device_name"), "Ebs": {**ebs.named(**_DISK), **switches}}


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in sorted(tags.items())]


def _create_template(aws: Aws, given: Arguments) -> Values:
    made = aws("ec2").create_launch_template(
        LaunchTemplateName=given["name"],
        **given.named(VersionDescription="description"),
        LaunchTemplateData=_data(given),
        **tagged("launch-template", given),
    )["LaunchTemplate"]
    return {**identified(aws, "launch-template", made["LaunchTemplateId"]), "latest_version": 1, "default_version": 1}


def _update_template(aws: Aws, given: Arguments, prior: Values) -> Values:
    """A launch template is never changed: it gets another version."""
    template = {"LaunchTemplateId": prior["id"]}
    described = given.named(VersionDescription="description")
    made = aws("ec2").create_launch_template_version(**template, **described, LaunchTemplateData=_data(given))
    number = made["LaunchTemplateVersion"]["VersionNumber"]
    if given["update_default_version"]:
        aws("ec2").modify_launch_template(**template, DefaultVersion=str(number))
        return {"latest_version": number, "default_version": number}
    return {"latest_version": number}


def _read_template(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_launch_templates(LaunchTemplateIds=[prior["id"]])["LaunchTemplates"][0]
    number = found["LatestVersionNumber"]
    data = aws("ec2").describe_launch_template_versions(LaunchTemplateId=prior["id"], Versions=[str(number)])[
        "LaunchTemplateVersions"
    ][0]["LaunchTemplateData"]
    tokens = data.get("MetadataOptions", {}).get("HttpTokens")
    metadata = {"metadata_options": overlaid(prior, "metadata_options", http_tokens=tokens)} if tokens else {}
    return {
        "latest_version": int(number),
        "default_version": int(found["DefaultVersionNumber"]),
        "image_id": data.get("ImageId"),
        "instance_type": data.get("InstanceType"),
        "user_data": data.get("UserData"),
        **metadata,
    }


KINDS = {
    "aws_launch_template": Kind(
        _create_template,
        _read_template,
        lambda aws, prior: aws("ec2").delete_launch_template(LaunchTemplateId=prior["id"]),
        _update_template,
        {"update_default_version": "the first version is the default; the next is made by `_update_template`"},
    ),
}
