"""The events between two run folders: what has been enriched and not yet written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from snowmelt.enrich.pipeline import Bad, Good
from snowmelt.lake.writer import Batch
from snowmelt.protocol.bad_rows import BadRow, bad_row_id
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.streams.log import Entry


@dataclass(slots=True)
class Window:
    """Grows record by record; ``batch`` gives it to the lake writer.

    ``bad_records`` became one bad row each, ``bytes`` is what all records had.
    """

    started: datetime
    first: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    records: int = 0
    bad_records: int = 0
    bytes: int = 0
    good: list[EnrichedEvent] = field(default_factory=list)
    bad: list[tuple[str, BadRow]] = field(default_factory=list)

    def add(self, partition: str, entry: Entry, outcome: Iterable[Good | Bad]) -> None:
        """Takes what one record gave."""
        position = entry.position
        self.first.setdefault(partition, position)
        self.last[partition] = position
        self.records += 1
        self.bytes += len(entry.data)
        for item in outcome:
            if isinstance(item, Good):
                self.good.append(item.event)
            else:
                self.bad_records += item.index is None
                self.bad.append((bad_row_id(f"{partition}/{position}", item.index, item.row.kind), item.row))

    @property
    def events(self) -> int:
        """Rows it will write, good and bad."""
        return len(self.good) + len(self.bad)

    def batch(self) -> Batch:
        """The window as the lake writer takes it."""
        return Batch(
            first=self.first,
            last=self.last,
            records=self.records,
            bad_records=self.bad_records,
            good=self.good,
            bad=self.bad,
            started=self.started,
        )
