"""What every walk over a state asks for: where it is, its one key, the policies on its resources."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from tests.doubles.terraform.state import Resource, State

Json = Mapping[str, Any]

GUARDED: Mapping[str, tuple[str, str, str]] = {
    "aws_dynamodb_table": ("aws_dynamodb_resource_policy", "resource_arn", "arn"),
    "aws_kinesis_stream": ("aws_kinesis_resource_policy", "resource_arn", "arn"),
    "aws_s3_bucket": ("aws_s3_bucket_policy", "bucket", "bucket"),
    "aws_secretsmanager_secret": ("aws_secretsmanager_secret_policy", "secret_arn", "arn"),
    "aws_sns_topic": ("aws_sns_topic_policy", "arn", "arn"),
    "aws_sqs_queue": ("aws_sqs_queue_policy", "queue_url", "url"),
}
"""Type of resource -> the type of its policy, and the arguments by which the policy names it."""


@dataclass(frozen=True, slots=True)
class World:
    """Where the state's resources are, and what their names begin with."""

    partition: str
    region: str
    account: str
    name: str


def world(state: State) -> World:
    """The place, read from the one key and its alias. Raises LookupError where there is not one key."""
    _, partition, _, region, account, _ = state.one("aws_kms_key")["arn"].split(":")
    return World(partition, region, account, state.one("aws_kms_alias")["name"].removeprefix("alias/"))


def key_policy(state: State) -> Json:
    """The policy of the one key."""
    key = state.one("aws_kms_key")
    apart = [p for p in state.of("aws_kms_key_policy") if p["key_id"] in (key["key_id"], key["arn"])]
    return document(apart[-1]["policy"] if apart else key["policy"])


def policy_of(state: State, resource: Resource) -> Json | None:
    """The policy on a queue, stream, topic, bucket, secret or table, None where it has none."""
    kind, theirs, its = GUARDED[resource.type]
    found = [p["policy"] for p in state.of(kind) if p[theirs] == resource[its]]
    inline = str(resource.values.get("policy") or "")
    found += [inline] if inline.startswith("{") and not found else []
    return document(found[0]) if found else None


def document(text: str) -> Json:
    """A policy."""
    found: Json = json.loads(text)
    return found


def some(state: State, *types: str) -> Iterator[str]:
    """A finding for each type of which there is nothing: a walk that finds nothing to look at proves nothing."""
    return (f"there is no {kind}: nothing was looked at" for kind in types if not state.of(kind))


def blocks(values: Any, path: str) -> list[Json]:
    """The nested blocks at a dotted path, below all that are on the way."""
    found: list[Json] = [values]
    for name in path.split("."):
        found = [inner for each in found for inner in _listed(each.get(name))]
    return found


def user_data(template: Resource) -> str:
    """What a launch template hands to cloud-init, as text."""
    packed = base64.b64decode(template.values.get("user_data") or "")
    return (gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed).decode()


def written_files(template: Resource) -> dict[str, str]:
    """The files that a machine of the template is given, by path."""
    loaded = yaml.safe_load(user_data(template)) or {}
    return {file["path"]: file.get("content", "") for file in loaded.get("write_files", [])}


def stage_of(group: Resource) -> str:
    """The stage that an auto scaling group's machines belong to, by their tag."""
    return tags_of(group).get("Stage", group.address)


def tags_of(group: Resource) -> dict[str, str]:
    """The tags that an auto scaling group gives to its machines."""
    return {tag["key"]: tag["value"] for tag in blocks(group.values, "tag") if tag["propagate_at_launch"]}


def template_of(state: State, group: Resource) -> Resource:
    """The launch template of an auto scaling group."""
    (used,) = blocks(group.values, "launch_template")
    return next(t for t in state.of("aws_launch_template") if used["id"] == t["id"])


def by(resources: Iterable[Resource], attribute: str) -> dict[str, Resource]:
    """The resources by an attribute that tells them apart."""
    return {resource[attribute]: resource for resource in resources}


def _listed(value: Any) -> list[Json]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
