"""RDS: instances, and the groups of subnets and parameters that they use."""

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind

_INSTANCE = {
    "DBInstanceIdentifier": "identifier",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "DBInstanceClass": "instance_class",
    "DBName": "db_name",
    "MasterUsername": "username",
    "MasterUserPassword": "password_wo",
    "StorageType": "storage_type",
    "AllocatedStorage": "allocated_storage",
    "MaxAllocatedStorage": "max_allocated_storage",
    "StorageEncrypted": "storage_encrypted",
    "KmsKeyId": "kms_key_id",
    "DBSubnetGroupName": "db_subnet_group_name",
    "VpcSecurityGroupIds": "vpc_security_group_ids",
    "PubliclyAccessible": "publicly_accessible",
    "MultiAZ": "multi_az",
    "CACertificateIdentifier": "ca_cert_identifier",
    "DBParameterGroupName": "parameter_group_name",
    "BackupRetentionPeriod": "backup_retention_period",
    "CopyTagsToSnapshot": "copy_tags_to_snapshot",
    "DeletionProtection": "deletion_protection",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "EnableCloudwatchLogsExports": "enabled_cloudwatch_logs_exports",
    "EnableIAMDatabaseAuthentication": "iam_database_authentication_enabled",
    "Port": "port",
}
_FIXED = (
    "DBName",
    "DBSubnetGroupName",
    "EnableCloudwatchLogsExports",
    "Engine",
    "KmsKeyId",
    "MasterUsername",
    "Port",
    "StorageEncrypted",
)
"""What the call that changes an instance does not know, or not by this name."""
_CHANGED = {theirs: ours for theirs, ours in _INSTANCE.items() if theirs not in _FIXED}
_READ = {
    "DBInstanceClass": "instance_class",
    "KmsKeyId": "kms_key_id",
    "StorageEncrypted": "storage_encrypted",
    "PubliclyAccessible": "publicly_accessible",
    "MultiAZ": "multi_az",
    "DeletionProtection": "deletion_protection",
    "BackupRetentionPeriod": "backup_retention_period",
    "AllocatedStorage": "allocated_storage",
}


def _create_instance(aws: Aws, given: Arguments) -> Values:
    made = aws("rds").create_db_instance(**given.named(**_INSTANCE), Tags=given.tags())["DBInstance"]
    end = made.get("Endpoint", {})
    return {  # not the resource's id: moto 5.2 gives all instances the same
        "arn": made["DBInstanceArn"],
        "address": end["Address"],
        "port": end["Port"],
        "endpoint": f"{end['Address']}:{end['Port']}",
    }


def _read_instance(aws: Aws, prior: Values) -> Values | None:
    found = aws("rds").describe_db_instances(DBInstanceIdentifier=prior["identifier"])["DBInstances"][0]
    return {ours: found[theirs] for theirs, ours in _READ.items() if prior[ours] is not None and theirs in found}


def _update_instance(aws: Aws, given: Arguments, prior: Values) -> Values:
    """The password goes only with a new number beside it: what it was nobody knows."""
    asked = given.named(**_CHANGED)
    if given["password_wo_version"] == prior["password_wo_version"]:
        asked.pop("MasterUserPassword", None)
    aws("rds").modify_db_instance(**asked, ApplyImmediately=True)
    return {}


def _delete_instance(aws: Aws, prior: Values) -> None:
    last = {"SkipFinalSnapshot": True}
    if not prior["skip_final_snapshot"]:
        last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": prior["final_snapshot_identifier"]}
    aws("rds").delete_db_instance(DBInstanceIdentifier=prior["identifier"], **last)


def _create_subnets(aws: Aws, given: Arguments) -> Values:
    made = aws("rds").create_db_subnet_group(
        **given.named(DBSubnetGroupName="name", SubnetIds="subnet_ids"),
        DBSubnetGroupDescription=given["description"] or "Managed by Terraform",
        Tags=given.tags(),
    )["DBSubnetGroup"]
    return {"id": given["name"], "arn": made["DBSubnetGroupArn"], "vpc_id": made["VpcId"]}


def _read_subnets(aws: Aws, prior: Values) -> Values | None:
    found = aws("rds").describe_db_subnet_groups(DBSubnetGroupName=prior["name"])["DBSubnetGroups"][0]
    there = [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]
    return {"subnet_ids": prior["subnet_ids"] if sorted(there) == sorted(prior["subnet_ids"]) else there}


def _create_parameters(aws: Aws, given: Arguments) -> Values:
    made = aws("rds").create_db_parameter_group(
        **given.named(DBParameterGroupName="name", DBParameterGroupFamily="family"),
        Description=given["description"] or "Managed by Terraform",
        Tags=given.tags(),
    )["DBParameterGroup"]
    _set_parameters(aws, given)
    return {"id": given["name"], "arn": made["DBParameterGroupArn"]}


def _set_parameters(aws: Aws, given: Arguments) -> None:
    wished = [
        {
            "ApplyMethod": block["apply_method"] or "immediate",
            **block.named(ParameterName="name", ParameterValue="value"),
        }
        for block in given.blocks("parameter")
    ]
    aws("rds").modify_db_parameter_group(DBParameterGroupName=given["name"], Parameters=wished)


def _update_parameters(aws: Aws, given: Arguments, prior: Values) -> Values:
    _set_parameters(aws, given)
    return {}


def _read_parameters(aws: Aws, prior: Values) -> Values | None:
    name = {"DBParameterGroupName": prior["name"]}
    aws("rds").describe_db_parameter_groups(**name)
    listed = aws("rds").describe_db_parameters(**name)["Parameters"]
    there = {found["ParameterName"]: found.get("ParameterValue") for found in listed}
    return {
        "parameter": [
            {**block, "value": there[block["name"]]} for block in prior["parameter"] if block["name"] in there
        ]
    }


KINDS = {
    "aws_db_instance": Kind(
        _create_instance,
        _read_instance,
        _delete_instance,
        _update_instance,
        {
            "password_wo_version": "Terraform's own number",
            "skip_final_snapshot": "goes into the call that deletes the instance",
            "final_snapshot_identifier": "goes into the call that deletes the instance",
            "delete_automated_backups": "goes into the call that deletes the instance",
            "allow_major_version_upgrade": "goes into the call that changes the version",
            "apply_immediately": "moto has no maintenance window to wait for",
        },
    ),
    "aws_db_subnet_group": Kind(
        _create_subnets,
        _read_subnets,
        lambda aws, prior: aws("rds").delete_db_subnet_group(DBSubnetGroupName=prior["name"]),
    ),
    "aws_db_parameter_group": Kind(
        _create_parameters,
        _read_parameters,
        lambda aws, prior: aws("rds").delete_db_parameter_group(DBParameterGroupName=prior["name"]),
        _update_parameters,
    ),
}
