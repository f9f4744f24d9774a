"""The Condition block of a statement, held against what a request tells.

Sources, in the IAM User Guide: "Condition operators" (what a missing key means to each, IfExists, Null; ArnEquals and
ArnLike are the same), "Set operators for multivalued context keys" (ForAllValues is true of no value, ForAnyValue not).
"""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from tests.terraform.iam.patterns import UnknownVariableError, exactly, matches_arn, matches_text, with_variables

Context = Mapping[str, str | Sequence[str]]
"""Condition keys of a request. A key with a list is one that may have several values."""

_Test = Callable[[str, str], bool]


def _is_arn(value: str, wanted: str) -> bool:
    return matches_arn(wanted, value) if wanted.count(":") >= 5 else wanted == "*"


def _in_network(value: str, wanted: str) -> bool:
    return ip_address(value) in ip_network(wanted)


_TESTS: Mapping[str, _Test] = {
    "StringEquals": lambda value, wanted: value == exactly(wanted),
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == exactly(wanted).lower(),
    "StringLike": lambda value, wanted: matches_text(wanted, value),
    "ArnEquals": _is_arn,
    "ArnLike": _is_arn,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "NumericEquals": lambda value, wanted: float(value) == float(wanted),
    "NumericLessThan": lambda value, wanted: float(value) < float(wanted),
    "NumericLessThanEquals": lambda value, wanted: float(value) <= float(wanted),
    "NumericGreaterThan": lambda value, wanted: float(value) > float(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
    "IpAddress": _in_network,
}
_NEGATED: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "NotIpAddress": "IpAddress",
}


def holds(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every condition of the block is true. Raises NotImplementedError for an operator that is not known."""
    known = {name.lower(): value for name, value in context.items()}

    def value_of(name: str) -> str | None:
        value = known.get(name.lower())
        return value if isinstance(value, str) else None

    for operator, keys in block.items():
        for key, wanted in keys.items():
            try:
                values = [with_variables(_text(value), value_of) for value in _many(wanted)]
            except UnknownVariableError:
                return False
            if not _holds(operator, values, known.get(key.lower()), key):
                return False
    return True


def _holds(operator: str, wanted: list[str], value: str | Sequence[str] | None, key: str) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    plain = name.removesuffix("IfExists")
    negated = plain in _NEGATED
    test = _TESTS.get(_NEGATED.get(plain, plain))
    if test is None or quantifier not in ("", "ForAnyValue", "ForAllValues"):
        raise NotImplementedError(f"the evaluator does not know the operator {operator}")

    def one(found: str) -> bool:
        return any(test(found, each) for each in wanted) != negated

    if quantifier == "ForAllValues":
        return value is None or all(one(each) for each in _many(value))
    if value is None:
        return name.endswith("IfExists") or (negated and not quantifier)
    if quantifier == "ForAnyValue":
        return any(one(each) for each in _many(value))
    if not isinstance(value, str):
        raise ValueError(f"{key} has several values: {operator} needs ForAnyValue or ForAllValues before it")
    return one(value)


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
