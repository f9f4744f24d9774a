"""Whatever can be encrypted with a key of ours is. What can be is read from the provider's own schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.doubles.terraform.catalog import Catalog, Wanted
from tests.doubles.terraform.schema import Block
from tests.doubles.terraform.state import State
from tests.terraform.state.world import blocks, some

_BUCKET_RULE = "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default"

LEFT_OUT: Mapping[str, str] = {
    "databricks_external_location.encryption_details.sse_encryption_details.aws_kms_key_arn": (
        "the bucket's own encryption is with the key, and its policy refuses another"
    ),
    "aws_db_instance.master_user_secret_kms_key_id": "RDS keeps no secret of its own: the password is in ours",
    f"aws_s3_bucket.{_BUCKET_RULE}.kms_master_key_id": (
        "has a resource of its own, aws_s3_bucket_server_side_encryption_configuration"
    ),
}
"""Arguments that name no key, and why."""

_CATALOG = Catalog()
_SWITCHES = ("encrypted", "storage_encrypted")


def unencrypted(state: State) -> list[str]:
    """What could name the one customer managed key and does not."""
    kinds = ("aws_cloudwatch_log_group", "aws_db_instance", "aws_dynamodb_table", "aws_kinesis_stream")
    kinds += ("aws_launch_template", "aws_s3_bucket", "aws_secretsmanager_secret", "aws_sns_topic", "aws_sqs_queue")
    found = list(some(state, *kinds))
    key = state.one("aws_kms_key")
    named = {key["arn"], key["key_id"], state.one("aws_kms_alias")["name"], state.one("aws_kms_alias")["arn"]}
    for resource in state.resources:
        schema = _CATALOG.block(Wanted("resource", resource.type)) if resource.mode == "managed" else None
        if schema is None or resource.type.startswith("aws_kms_"):
            continue
        for path in _key_arguments(schema):
            if f"{resource.type}.{path}" in LEFT_OUT:
                continue
            found += [f"{resource.address}: {path} {said}" for said in _wrong(resource.values, path, named)]
        for path in _switches(schema):
            found += [
                f"{resource.address}: {path} is not true"
                for block in _around(resource.values, path)
                if str(block.get(path.rpartition(".")[2])).lower() != "true"
            ]
    for bucket in state.of("aws_s3_bucket"):
        if not state.of("aws_s3_bucket_server_side_encryption_configuration", bucket=bucket["bucket"]):
            found.append(f"{bucket.address}: no encryption is configured")
    for rule in state.of("aws_s3_bucket_server_side_encryption_configuration"):
        for block in blocks(rule.values, "rule.apply_server_side_encryption_by_default"):
            if block["sse_algorithm"] != "aws:kms":
                found.append(f"{rule.address}: {block['sse_algorithm']} is not KMS")
    for stream in state.of("aws_kinesis_stream"):
        if stream["encryption_type"] != "KMS":
            found.append(f"{stream.address}: encryption_type is {stream['encryption_type']}")
    return found


def loose_key(state: State) -> list[str]:
    """What is wrong with the key itself."""
    found = list(some(state, "aws_kms_key", "aws_kms_alias"))
    for key in state.of("aws_kms_key"):
        if not key["enable_key_rotation"]:
            found.append(f"{key.address}: its material is never rotated")
        if key["deletion_window_in_days"] is None or key["deletion_window_in_days"] < 7:
            found.append(f"{key.address}: could be deleted within a week")
    return found


def _wrong(values: Any, path: str, named: set[str]) -> Iterator[str]:
    around = list(_around(values, path))
    if not around and any("encrypt" in part for part in path.split(".")[:-1]):
        yield "is not there: no block says how it is encrypted"
    for block in around:
        value = block.get(path.rpartition(".")[2])
        if value not in named:
            yield f"is {value}, not the customer managed key"


def _around(values: Any, path: str) -> list[Mapping[str, Any]]:
    """The blocks in which an argument may stand."""
    parent = path.rpartition(".")[0]
    return blocks(values, parent) if parent else [values]


def _key_arguments(schema: Block, prefix: str = "") -> Iterator[str]:
    for name, attribute in schema.attributes.items():
        if attribute.settable and attribute.type == "string" and "kms" in name and "context" not in name:
            yield prefix + name
    for name, nested in schema.blocks.items():
        yield from _key_arguments(nested.block, f"{prefix}{name}.")


def _switches(schema: Block, prefix: str = "") -> Iterator[str]:
    yield from (prefix + name for name in schema.attributes if name in _SWITCHES and schema.attributes[name].settable)
    for name, nested in schema.blocks.items():
        yield from _switches(nested.block, f"{prefix}{name}.")
