"""Mistakes that somebody could make, and the walk that has to find each: mistakes.toml, read."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.doubles.terraform import State
from tests.terraform.iam import roles
from tests.terraform.iam.table import read

ROOT = Path(__file__).parents[3]
Walk = Callable[[State], Sequence[str]]

_OF_ROLES = {"roles": roles.findings, "trust": roles.trust_findings}
"""The walks that need the table of permissions as well."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that stands once in a file below infra/terraform/modules, what somebody makes of it, and who finds out."""

    name: str
    file: str
    before: str
    after: str
    found_by: str

    def findings(self, state: State) -> Sequence[str]:
        """What the walk says that is there for it."""
        if self.found_by in _OF_ROLES:
            return _OF_ROLES[self.found_by](state, read(ROOT / "docs" / "reference" / "permissions.md"))
        module, _, name = self.found_by.partition(".")
        walk: Walk = getattr(import_module(f"tests.terraform.state.{module}"), name)
        return walk(state)


_TABLE = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text(encoding="utf-8"))
MISTAKES = tuple(Mistake(**entry) for entry in _TABLE["mistake"])


def batches(mistakes: Sequence[Mistake], most: int) -> list[list[Mistake]]:
    """The mistakes in as few sets as go: none has two for the same walk, or in the same file, or more than ``most``."""
    made: list[list[Mistake]] = []
    for mistake in mistakes:
        for batch in made:
            apart = all(mistake.found_by != other.found_by and mistake.file != other.file for other in batch)
            if apart and len(batch) < most:
                batch.append(mistake)
                break
        else:
            made.append([mistake])
    return made
