"""Decides whether a request is allowed, as IAM does: for tests, of the policies this project writes.

Sources: IAM User Guide, "Policy evaluation logic" (deny first; within an account identity or resource policy may
allow, across accounts both must), "IAM JSON policy elements: Principal", "... NotPrincipal"; KMS Developer Guide, "Key
policies" (nobody may use a key whose policy does not say so; naming the account's root leaves it to IAM), and the same
for a role's trust policy. Not evaluated: organisations' policies, permissions boundaries, session policies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.terraform.iam.conditions import Context, holds
from tests.terraform.iam.patterns import UnknownVariableError, matches_action, matches_arn, with_variables

Policy = Mapping[str, Any]


class Decision(StrEnum):
    """What IAM answers."""

    ALLOWED = "allowed"
    DENIED = "explicitly denied"
    NOT_ALLOWED = "not allowed"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a role's session, an AWS service, or nobody known."""

    account: str | None = None
    role_arn: str | None = None
    service: str | None = None
    policies: Sequence[Policy] = field(default=(), repr=False)

    @property
    def names(self) -> frozenset[str]:
        """Under which names a policy's Principal element may mean it, the account's aside."""
        return frozenset(filter(None, (self.role_arn, self.service)))

    @property
    def account_names(self) -> frozenset[str]:
        """Under which names a policy means everybody in its account, who then needs an identity policy as well."""
        if self.account is None:
            return frozenset()
        partition = self.role_arn.split(":")[1] if self.role_arn else "aws"
        return frozenset({self.account, f"arn:{partition}:iam::{self.account}:root"})

    @property
    def context(self) -> dict[str, str]:
        """The condition keys that AWS itself adds to each of its requests."""
        keys = {"aws:SecureTransport": "true"}
        if self.role_arn and self.account:
            keys |= {"aws:PrincipalAccount": self.account, "aws:PrincipalArn": self.role_arn}
            keys |= {"aws:PrincipalIsAWSService": "false"}
        if self.service:
            keys |= {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": self.service}
        return keys


ANONYMOUS = Principal()
"""Somebody without credentials."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for. Keys, and roles to take on, admit nobody whom their own policy does not admit."""

    arn: str
    account: str
    policy: Policy | None = field(default=None, repr=False)
    by_policy_only: bool = False


def decide(principal: Principal, action: str, target: Target, context: Context | None = None) -> Decision:
    """The answer to one request. Keys of ``context`` replace those that AWS would add."""
    keys: Context = {**principal.context, **(context or {})}
    own = list(_meant(principal.policies, action, target.arn, keys))
    its = list(_meant([target.policy] if target.policy else [], action, target.arn, keys, principal))
    if any(statement["Effect"] == "Deny" for statement in (*own, *its)):
        return Decision.DENIED
    admitted = any(_names_one(statement, principal) for statement in its)
    if principal.account == target.account and not target.by_policy_only:
        return Decision.ALLOWED if own or admitted else Decision.NOT_ALLOWED
    if principal.account == target.account and admitted:
        return Decision.ALLOWED
    if principal.role_arn:
        return Decision.ALLOWED if own and its else Decision.NOT_ALLOWED
    return Decision.ALLOWED if admitted else Decision.NOT_ALLOWED


def may_ever(policies: Iterable[Policy], action: str, arn: str) -> bool:
    """Whether some Allow statement means the pair, whatever its conditions: where none does, no request is allowed."""
    return any(
        statement["Effect"] == "Allow" and means_action(statement, action) and _means_resource(statement, arn, {})
        for policy in policies
        for statement in statements(policy)
    )


def statements(policy: Policy) -> list[Mapping[str, Any]]:
    """The statements of a policy, which JSON may hold as one or many."""
    return list(many(policy["Statement"]))


def many(value: Any) -> list[Any]:
    """A list, also where a policy has a single value instead."""
    return list(value) if isinstance(value, list | tuple) else [value]


def means_action(statement: Mapping[str, Any], action: str) -> bool:
    """Whether the statement is about the action."""
    if "NotAction" in statement:
        return not any(matches_action(pattern, action) for pattern in many(statement["NotAction"]))
    return any(matches_action(pattern, action) for pattern in many(statement["Action"]))


def _meant(
    policies: Iterable[Policy], action: str, arn: str, context: Context, principal: Principal | None = None
) -> Iterable[Mapping[str, Any]]:
    for policy in policies:
        for statement in statements(policy):
            if (
                means_action(statement, action)
                and _means_resource(statement, arn, context)
                and (principal is None or _means_principal(statement, principal))
                and holds(statement.get("Condition", {}), context)
            ):
                yield statement


def _means_resource(statement: Mapping[str, Any], arn: str, context: Context) -> bool:
    negated = "NotResource" in statement
    patterns = many(statement.get("NotResource" if negated else "Resource", "*"))
    known = {name.lower(): value for name, value in context.items()}

    def meant(pattern: str) -> bool:
        def value_of(name: str) -> str | None:
            value = known.get(name.lower())
            return value if isinstance(value, str) else None

        try:
            return matches_arn(with_variables(pattern, value_of), arn)
        except UnknownVariableError:
            return False

    return any(meant(pattern) for pattern in patterns) != negated


def _means_principal(statement: Mapping[str, Any], principal: Principal) -> bool:
    if "NotPrincipal" in statement:  # an exception has to name the account as well as the role
        named = set(_named(statement["NotPrincipal"]))
        return not (named & principal.names and (principal.service or named & principal.account_names))
    named = set(_named(statement["Principal"]))
    return bool(named & ({"*"} | principal.names | principal.account_names))


def _names_one(statement: Mapping[str, Any], principal: Principal) -> bool:
    """Whether the principal itself is admitted, and not its account, which leaves the rest to identity policies."""
    return bool(set(_named(statement.get("Principal", ()))) & ({"*"} | principal.names))


def _named(element: Any) -> list[str]:
    if isinstance(element, Mapping):
        return [name for value in element.values() for name in many(value)]
    return many(element)
