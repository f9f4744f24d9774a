"""Matches the names in a policy: actions, ARNs, values of conditions.

Sources, in the IAM User Guide: "IAM JSON policy elements: Resource" (wildcards within ARN segments; the last segment
may go beyond colons), "... Action" (letter case does not matter), "... Variables and tags" (variables, their escapes).
"""

import re
from collections.abc import Callable
from functools import lru_cache

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = ("*", "?", "$")
_SEGMENTS = 6
_TO_PLAIN = str.maketrans("*?", "\ue000\ue001")
_FROM_PLAIN = str.maketrans("\ue000\ue001", "*?")
"""Wildcards that mean themselves, as characters that no name has."""


class UnknownVariableError(LookupError):
    """A policy variable that the request has no value for: what holds it matches nothing."""


def matches_action(pattern: str, action: str) -> bool:
    """Whether an action such as ``sqs:SendMessage`` is meant by ``sqs:Send*``."""
    return wild(pattern.lower()).fullmatch(action.lower()) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Whether an ARN is meant: segment by segment, so that a wildcard does not reach into the next one."""
    if pattern == "*":
        return True
    patterns, segments = pattern.split(":", _SEGMENTS - 1), arn.split(":", _SEGMENTS - 1)
    return len(patterns) == len(segments) and all(
        wild(pattern).fullmatch(segment) for pattern, segment in zip(patterns, segments, strict=True)
    )


def matches_text(pattern: str, value: str) -> bool:
    """Whether a text is meant by a pattern with ``*`` for any characters and ``?`` for one."""
    return wild(pattern).fullmatch(value) is not None


def with_variables(text: str, value_of: Callable[[str], str | None]) -> str:
    """The text with its ``${…}`` replaced. A wildcard that comes out of one means itself.

    Raises UnknownVariableError.
    """

    def replaced(found: re.Match[str]) -> str:
        name, _, default = (part.strip() for part in found.group(1).partition(","))
        value = name if name in _LITERALS else value_of(name)
        if value is None and not default:
            raise UnknownVariableError(name)
        return (default.strip("'") if value is None else value).translate(_TO_PLAIN)

    return _VARIABLE.sub(replaced, text)


def exactly(text: str) -> str:
    """The text that is meant where nothing is a wildcard."""
    return text.translate(_FROM_PLAIN)


@lru_cache(maxsize=16384)
def wild(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression."""
    meaning = {"*": ".*", "?": "."}
    return re.compile("".join(meaning.get(part) or re.escape(exactly(part)) for part in pattern), re.DOTALL)
