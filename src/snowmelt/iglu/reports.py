"""What is wrong with data, said the way bad rows say it: where, which keyword, against what."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

from jsonschema_rs import ValidationError as Violation
from jsonschema_rs import ValidationErrorKind as Kind

from snowmelt.protocol.bad_rows import Report
from snowmelt.protocol.bad_rows.limits import cut
from snowmelt.protocol.json_text import dumps

MAX_REPORTS = 100
"""Reports kept of one instance, so that a small array of wrong items makes no large bad row."""

_MAX_TEXT = 256  # characters of a name or value out of the data

# JVM validators have keywords of their own for some formats; and draft 4 knows exclusive limits as flags of the others.
_FORMAT_KEYWORDS = {"date": "dateTime", "date-time": "dateTime", "uuid": "uuid"}
_KEYWORDS = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}

_SCALARS = (str, int, float, Decimal)

_Found: TypeAlias = tuple[str, str, tuple[str, ...]]


def path_of(steps: Iterable[str | int]) -> str:
    """A place in a JSON value as "$.a.b[0]"."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in steps)


def reports_of(violations: Iterator[Violation]) -> tuple[Report, ...]:
    """A report for each violation, and for each of several unexpected properties; at most MAX_REPORTS."""
    reports = (
        Report(f"{path} {text}", path, keyword, targets)
        for violation in violations
        for path in (path_of(violation.instance_path),)
        for text, keyword, targets in _said(violation)
    )
    return tuple(islice(reports, MAX_REPORTS))


def _said(violation: Violation) -> Iterator[_Found]:
    """What is said of a violation after its path, the keyword, and the targets."""
    match violation.kind:
        case Kind.Required(property=name):
            yield f"lacks the required {name}", "required", (name,)
        case Kind.AdditionalProperties(unexpected=names):
            yield from map(_unexpected, names)
        case Kind.Type(types=types):
            found, expected = type_of(violation.instance), types[0] if len(types) == 1 else f"[{', '.join(types)}]"
            yield f"is of type {found}, not {expected}", "type", (found, expected)
        case Kind.Format(format=name):
            value = _short(str(violation.instance))
            yield f"is not in the format {name}", _FORMAT_KEYWORDS.get(name, "format"), (value, name)
        case Kind.Enum(options=options):
            listed = f"[{', '.join(map(_listed, options))}]"
            yield f"is not one of {listed}", "enum", (listed,)
        case kind:
            keyword = _KEYWORDS.get(kind.name, kind.name)
            targets = tuple(_listed(value) for value in kind.as_dict().values() if isinstance(value, _SCALARS))
            yield f"does not satisfy {' '.join((keyword, *targets))}", keyword, targets


def _unexpected(name: str) -> _Found:
    return f"has the unexpected {_short(name)}", "additionalProperties", (_short(name),)


def type_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The JSON Schema name of a value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() | Decimal():
            return "number"
        case str():
            return "string"
        case dict():
            return "object"
        case _:
            return "array"


def _listed(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) else dumps(value)


def _short(text: str) -> str:
    return cut(text, _MAX_TEXT)
