"""What is wrong with the roles of a state, beside the table of permissions."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tests.doubles.terraform.state import State
from tests.terraform.iam import access, catalogue
from tests.terraform.iam.access import Thing
from tests.terraform.iam.conditions import Context
from tests.terraform.iam.evaluator import ANONYMOUS, Decision, Principal, decide, many, may_ever, statements
from tests.terraform.iam.table import Row, Table
from tests.terraform.state.world import World, some, world

_CONTEXT_KEYS = {
    "dynamodb": ("table", "aws:dynamodb:tableName"),
    "kinesis": ("stream", "aws:kinesis:arn"),
    "s3": ("bucket", "aws:s3:arn"),
    "secretsmanager": ("secret", "SecretARN"),
    "sns": ("topic", "aws:sns:topicArn"),
    "sqs": ("queue", "aws:sqs:arn"),
}
"""Service -> the kind of what it encrypts, and the key of the encryption context in which it names it to KMS."""

_VIA = (*_CONTEXT_KEYS, "ec2", "logs", "rds", "ssm", "lambda")
_FOREIGN = "999999999999"


def findings(state: State, table: Table) -> list[str]:
    """Rows that are not allowed, and whatever is allowed without a row."""
    found = list(some(state, "aws_iam_role", "aws_iam_role_policy", "aws_kms_key"))
    if found:
        return found
    things, images, place = access.things(state), access.images(state), world(state)
    for name, role in access.roles(state).items():
        if name not in table.roles:
            found.append(f"role {name} is not in the table of permissions")
            continue
        checked = _Role(
            name, role, table.rows(name), images.get(name, frozenset()), things, place, _external_ids(state)
        )
        found += [*checked.missing(), *checked.excess(), *checked.loose_key(), *checked.shape()]
    return found


def trust_findings(state: State, table: Table) -> list[str]:
    """Who may take on a role that should not: a stage's is EC2's, Databricks' its own and one foreign role's."""
    found = list(some(state, "aws_iam_role"))
    roles = access.roles(state)
    place = world(state)
    others = [Principal(service=f"{service}.amazonaws.com") for service in ("lambda", "ecs-tasks", "ssm", "events")]
    may_all = [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]
    others += [Principal(_FOREIGN, f"arn:{place.partition}:iam::{_FOREIGN}:role/any", policies=may_all), ANONYMOUS]
    ec2 = Principal(service="ec2.amazonaws.com")
    for thing in access.things(state):
        kind, _, name = thing.short.partition(":")
        if kind != "role":
            continue
        expected = Decision.ALLOWED if name in table.stages else Decision.NOT_ALLOWED
        if decide(ec2, "sts:AssumeRole", thing.target) != expected:
            found.append(f"role {name}: EC2 should be {expected} to take it on")
        found += [
            f"role {name} can be taken on by {other.service or other.role_arn or 'anybody'}"
            for other in others
            if decide(other, "sts:AssumeRole", thing.target, {"sts:ExternalId": "guessed"}) == Decision.ALLOWED
        ]
        found += [
            f"role {name} can be taken on by role {other}"
            for other, principal in roles.items()
            if other != name and decide(principal, "sts:AssumeRole", thing.target) == Decision.ALLOWED
        ]
    return found


class _Role:
    """One role of the state and its rows."""

    def __init__(
        self,
        name: str,
        role: Principal,
        rows: Sequence[Row],
        images: frozenset[str],
        things: list[Thing],
        place: World,
        external_ids: Sequence[str],
    ) -> None:
        self._name = name
        self._role = role
        self._rows = [row for row in rows if images or not (row.where_image or "image" in row.resources)]
        self._images = images
        self._things = things
        self._place = place
        self._external_ids = external_ids

    def missing(self) -> Iterator[str]:
        """What the table promises and the role does not get."""
        for row in self._rows:
            for thing in self._named(row):
                for context in self._contexts(row):
                    for action in row.actions:
                        answer = decide(self._role, action, thing.target, context)
                        if answer != Decision.ALLOWED:
                            yield f"role {self._name}: {action} on {thing.short} is {answer}{_told(context)}"

    def excess(self) -> Iterator[str]:
        """What the role may and the table does not say. Actions of the key are left to `loose_key`."""
        for action in self._possible():
            rows = [row for row in self._rows if action in row.actions]
            if any("*" in row.resources for row in rows):
                continue
            for thing in self._things:
                if thing.short == "key" and action.startswith("kms:"):
                    continue
                if not any(self._covers(row, thing) for row in rows) and may_ever(
                    self._role.policies, action, thing.arn
                ):
                    yield f"role {self._name}: {action} on {thing.short} is allowed and not in the table"
        for row in self._rows:
            if row.own_namespace:
                for action in row.actions:
                    for context in ({}, {"cloudwatch:namespace": "AWS/Kinesis"}):
                        if decide(self._role, action, self._things[0].target, context) == Decision.ALLOWED:
                            yield f"role {self._name}: {action} is allowed in any namespace"

    def loose_key(self) -> Iterator[str]:
        """Uses of the key through a service, or for a thing, that the table does not say."""
        (key,) = (thing for thing in self._things if thing.short == "key")
        for action in catalogue.of_service("kms", self._possible()):
            rows = [row for row in self._rows if action in row.actions]
            for service in ("", *_VIA):
                for thing in [None, *self._of_service(service)]:
                    context = self._context(service, thing)
                    expected = any(self._admits(row, service, thing) for row in rows)
                    if not expected and decide(self._role, action, key.target, context) == Decision.ALLOWED:
                        yield f"role {self._name}: {action} is allowed and not in the table{_told(context)}"

    def shape(self) -> Iterator[str]:
        """Statements that no table can hold."""
        for policy in self._role.policies:
            for statement in statements(policy):
                yield from (
                    f"role {self._name}: {element} in {statement.get('Sid', 'a statement')} allows what none wrote down"
                    for element in ("NotAction", "NotResource")
                    if element in statement
                )
                yield from (
                    f"role {self._name}: {action} in {statement.get('Sid', 'a statement')} is a wildcard"
                    for action in many(statement.get("Action", []))
                    if re.search(r"[*?]", action)
                )

    def _named(self, row: Row) -> list[Thing]:
        if "*" in row.resources:
            return self._things[:1]
        return [thing for thing in self._things if self._covers(row, thing)]

    def _covers(self, row: Row, thing: Thing) -> bool:
        return row.names(thing.short) and (thing.short != "image" or thing.arn in self._images)

    def _contexts(self, row: Row) -> list[Context]:
        if row.own_namespace:
            return [{"cloudwatch:namespace": self._place.name}]
        if "sts:AssumeRole" in row.actions:
            return [{"sts:ExternalId": each} for each in self._external_ids]
        if not row.via:
            return [{}]
        named = [thing for thing in self._of_service(row.via) if self._admits(row, row.via, thing)]
        return [self._context(row.via, thing) for thing in named]

    def _admits(self, row: Row, service: str, thing: Thing | None) -> bool:
        if row.via != service:
            return False
        return not row.things or (thing is not None and Row((), row.things).names(thing.short))

    def _of_service(self, service: str) -> list[Thing]:
        kind, _ = _CONTEXT_KEYS.get(service, ("", ""))
        return [
            thing for thing in self._things if kind and thing.short.startswith(f"{kind}:") and "/" not in thing.short
        ]

    def _context(self, service: str, thing: Thing | None) -> Context:
        context = {"kms:ViaService": f"{service}.{self._place.region}.amazonaws.com"} if service else {}
        if thing is not None:
            _, key = _CONTEXT_KEYS[service]
            name = thing.arn.rpartition("/")[2] if service == "dynamodb" else thing.arn
            context[f"kms:EncryptionContext:{key}"] = name
        return context

    def _possible(self) -> list[str]:
        """Of all the actions there are, those that some statement of the role allows of something."""
        patterns = {
            pattern.lower()
            for policy in self._role.policies
            for statement in statements(policy)
            for pattern in many(statement.get("Action", "*"))
            if statement["Effect"] == "Allow"
        }
        return _matching(tuple(sorted(patterns)))


def _external_ids(state: State) -> list[str]:
    """What Unity Catalog says of itself when it takes on a role."""
    return [role["external_id"] for each in state.of("databricks_storage_credential") for role in each["aws_iam_role"]]


@cache
def _matching(patterns: tuple[str, ...]) -> list[str]:
    wanted = re.compile("|".join(re.escape(p).replace(r"\*", ".*").replace(r"\?", ".") for p in patterns) or "(?!)")
    return [action for action in catalogue.actions() if wanted.fullmatch(action.lower())]


def _told(context: Context) -> str:
    return "".join(f", {key.removeprefix('kms:')}={value}" for key, value in context.items())
