"""Reads docs/reference/permissions.md: what each role may do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

EVERY_STAGE = "Every stage"
NO_RESOURCE = "Actions without a resource"


class TableError(ValueError):
    """A row that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Row:
    """Actions on resources; `*` among these for actions that know none. What remains is the condition."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    via: str = ""
    things: tuple[str, ...] = ()
    own_namespace: bool = False
    where_image: bool = False

    def names(self, short: str) -> bool:
        """Whether the row is about the resource with this short name."""
        return "*" in self.resources or any(fnmatchcase(short, pattern) for pattern in self.resources)


@dataclass(frozen=True, slots=True)
class Table:
    """The whole page: rows by role, those of every stage, and the actions that may be allowed on `*`."""

    roles: dict[str, tuple[Row, ...]]
    every_stage: tuple[Row, ...]
    stages: frozenset[str]
    without_resource: frozenset[str]

    def rows(self, role: str) -> tuple[Row, ...]:
        """All rows of a role, with its own name where a row says `<stage>`."""
        shared = self.every_stage if role in self.stages else ()
        return tuple(_of_stage(row, role) for row in (*shared, *self.roles[role]))


def read(page: Path) -> Table:
    """The page's tables. Raises TableError."""
    sections: dict[str, str] = {}
    for part in page.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        sections[title] = body
    shared = sections.pop(EVERY_STAGE)
    listed = {action for line in _lines(sections.pop(NO_RESOURCE)) for action in _quoted(line[0])}
    roles = {title: tuple(_row(line) for line in _lines(body)) for title, body in sections.items()}
    stages = re.findall(r"\w+", shared.strip().split(".")[0].replace(" and ", ", "))
    return Table(roles, tuple(_row(line) for line in _lines(shared)), frozenset(stages), frozenset(listed))


def _lines(body: str) -> Iterator[list[str]]:
    for line in body.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `"):
            yield cells


def _row(cells: list[str]) -> Row:
    if len(cells) != 4:
        raise TableError(f"four cells, action, resource, condition, why: {cells}")
    actions, resources, condition, _ = cells
    via = re.fullmatch(r"via ([a-z0-9]+)(?: for (.+))?", condition)
    if condition and not via and condition not in ("namespace", "where image"):
        raise TableError(f"a condition is `via …`, `via … for …`, `namespace` or `where image`, not {condition!r}")
    return Row(
        actions=_quoted(actions),
        resources=_quoted(resources),
        via=via[1] if via else "",
        things=tuple(re.split(r", *", via[2])) if via and via[2] else (),
        own_namespace=condition == "namespace",
        where_image=condition == "where image",
    )


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def _of_stage(row: Row, stage: str) -> Row:
    resources = tuple(name.replace("<stage>", stage) for name in row.resources)
    return Row(row.actions, resources, row.via, row.things, row.own_namespace, row.where_image)
