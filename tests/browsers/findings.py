"""What the tables hold of a browser's visit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.browsers.browsers import Browser
from tests.browsers.installation import Installation
from tests.browsers.visit import Sent, Visit


@dataclass(frozen=True, slots=True)
class Findings:
    """A visit, and the platform that took its events."""

    name: str
    browser: Browser
    visit: Visit
    installation: Installation
    note: Callable[[str, str, str], None]
    """Takes a kind of event, the schema it was looked for in and what was found, for the table behind the results."""

    def of(self, kind: str, sent: Sequence[Sent], columns: str, table: str = "atomic.events") -> list[tuple[Any, ...]]:
        """The columns of these events in a table, in the order in which they were sent: all are there, each once."""
        rows = self.rows(sent, columns, table)
        self.count(kind, table, len(rows), len(sent))
        return rows

    def rows(self, sent: Sequence[Sent], columns: str, table: str = "atomic.events") -> list[tuple[Any, ...]]:
        """The same, whether all are there or not."""
        order = {event.event_id: place for place, event in enumerate(sent)}
        names = ", ".join(f"'{event_id}'" for event_id in order) or "null"
        rows = self.query(f"select event_id, {columns} from {table} where event_id in ({names})")
        assert len({event_id for event_id, *_ in rows}) == len(rows)
        return [tuple(values) for _, *values in sorted(rows, key=lambda row: order[row[0]])]

    def count(self, kind: str, table: str, found: int, sent: int) -> None:
        """Notes how many were found of how many that were sent: it has to be all, and some."""
        self.note(kind, table.partition(".")[0], f"{found} / {sent}")
        assert found == sent > 0

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published tables."""
        return self.installation.laptop.query(sql)
