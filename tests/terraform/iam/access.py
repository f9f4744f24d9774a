"""Who is there in an applied state, and what: roles with their policies, resources with short names and theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.doubles.terraform.state import Resource, State
from tests.terraform.iam.evaluator import Principal, Target
from tests.terraform.state.world import (
    GUARDED,
    World,
    document,
    key_policy,
    policy_of,
    stage_of,
    template_of,
    user_data,
    world,
)

_KINDS = {
    "aws_autoscaling_group": "group",
    "aws_cloudwatch_log_group": "log-group",
    "aws_dynamodb_table": "table",
    "aws_iam_role": "role",
    "aws_kinesis_stream": "stream",
    "aws_secretsmanager_secret": "secret",
    "aws_sns_topic": "topic",
    "aws_sqs_queue": "queue",
}
_OBJECTS = ("run=2026-01-01-00-00-00-abc/output=good/part-00000.parquet", "spill/i-0/1", "catalog/t/part-0", "other")
"""Objects of a bucket that stand for all that a role may or may not reach."""

_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([a-z0-9._/-]+)")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an action may be asked of."""

    short: str
    target: Target

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.target.arn


_NOT_APART = frozenset({"aws_secretsmanager_secret_version", "aws_sns_topic_policy"})
"""What has the ARN of another resource, which it belongs to."""


def roles(state: State) -> dict[str, Principal]:
    """Every role by its short name."""
    found = world(state)
    return {
        _short(role, found).partition(":")[2]: Principal(
            found.account, role["arn"], policies=[document(text) for _, text in role_policies(state, role)]
        )
        for role in state.of("aws_iam_role")
    }


def role_policies(state: State, role: Resource) -> Iterator[tuple[str, str]]:
    """Address and text of each policy of a role. Raises LookupError for one that the state does not hold."""
    for inline in state.of("aws_iam_role_policy"):
        if inline["role"] in (role["name"], role["id"]):
            yield inline.address, inline["policy"]
    for attached in state.of("aws_iam_role_policy_attachment"):
        if attached["role"] == role["name"]:
            yield attached.address, state.one("aws_iam_policy", arn=attached["policy_arn"])["policy"]


def things(state: State) -> list[Thing]:
    """Everything with an ARN, and what lies below it: a log group's streams, a bucket's objects, images."""
    found = world(state)
    made: list[Thing] = []
    for resource in state.resources:
        arn = resource.values.get("arn")
        if resource.mode != "managed" or not isinstance(arn, str) or resource.type in _NOT_APART:
            continue
        short = _short(resource, found)
        policy = policy_of(state, resource) if resource.type in GUARDED else None
        if resource.type == "aws_kms_key":
            made.append(Thing("key", Target(arn, found.account, key_policy(state), by_policy_only=True)))
        elif resource.type == "aws_iam_role":
            trust = document(resource["assume_role_policy"])
            made.append(Thing(short, Target(arn, found.account, trust, by_policy_only=True)))
        elif resource.type == "aws_cloudwatch_log_group":
            made.append(Thing(short, Target(f"{arn}:log-stream:any", found.account)))
            made.append(Thing(f"itself {short}", Target(arn, found.account)))
        else:
            made.append(Thing(short, Target(arn, found.account, policy)))
        if resource.type == "aws_s3_bucket":
            made += [Thing(f"{short}/{name}", Target(f"{arn}/{name}", found.account, policy)) for name in _OBJECTS]
    arns = sorted(frozenset().union(*images(state).values()))
    return made + [Thing("image", Target(arn, found.account)) for arn in arns]


def images(state: State) -> dict[str, frozenset[str]]:
    """The ECR repositories that each stage's machines fetch from, by ARN."""
    found = world(state)
    return {
        stage_of(group): frozenset(
            f"arn:{found.partition}:ecr:{region}:{account}:repository/{name}"
            for account, region, name in _IMAGE.findall(user_data(template_of(state, group)))
        )
        for group in state.of("aws_autoscaling_group")
    }


def _short(resource: Resource, found: World) -> str:
    kind = _KINDS.get(resource.type)
    if resource.type == "aws_s3_bucket":
        return f"bucket:{resource.module.rpartition('module.')[2] or resource.name}"
    if kind is None:
        return resource.address
    name = str(resource["name"])
    for prefix in (f"/{found.name}/", f"{found.name}-", f"{found.name}/"):
        name = name.removeprefix(prefix)
    return f"{kind}:{name.removesuffix('.fifo')}"
