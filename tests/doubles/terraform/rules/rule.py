"""One rule about one argument."""

from dataclasses import dataclass

from tests.doubles.terraform.rules.checks import Check


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of one argument, with the types that have it; a path with dots goes into nested blocks.

    The provider refuses at plan. What only the service refuses is seen at apply: tests with mocks never get there.
    """

    types: str
    argument: str
    check: Check
    source: str
    at_apply: bool = False
