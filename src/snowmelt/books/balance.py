"""The lines of the books and whether they balance. Pure: counts in, lines out."""

from collections.abc import Sequence
from dataclasses import dataclass

from snowmelt.books.models import ModelCounts
from snowmelt.lake.counts import LakeCounts
from snowmelt.loader.counts import WarehouseCounts


@dataclass(frozen=True, slots=True)
class Sent:
    """Counted by the sender: tracking requests answered 200, and the events in them that can be told apart."""

    requests: int
    events: int


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: a name, and on each side what is counted and the counts that are added."""

    name: str
    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]

    @property
    def difference(self) -> int:
        """What the left side has more than the right."""
        return sum(count for _, count in self.left) - sum(count for _, count in self.right)

    @property
    def balanced(self) -> bool:
        """Whether the two sides add up to the same."""
        return self.difference == 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What each stage says. ``sent`` is None where the senders do not count, as real visitors do not."""

    sent: Sent | None
    logged: int
    """Records found by walking the log, and that of the bad rows the collector makes itself."""
    lake: LakeCounts
    warehouse: WarehouseCounts
    models: ModelCounts


def lines(counts: Counts) -> Sequence[Line]:
    """The books, in the order of the way of an event."""
    lake, warehouse, models = counts.lake, counts.warehouse, counts.models
    logged = (("records in the log", counts.logged),)
    book = []
    if counts.sent is not None:
        book.append(Line("collected", (("requests acknowledged", counts.sent.requests),), logged))
    records = (
        ("gave events", lake.records - lake.bad_records),
        ("became one bad row", lake.bad_records),
    )
    book.append(Line("enriched", logged, records))
    if counts.sent is not None:
        events = (("good events", lake.good), ("bad events", lake.bad_events))
        book.append(Line("extracted", (("events sent", counts.sent.events),), events))
    good = (("good events in the lake", lake.good),)
    book.append(Line("loaded", good, (("in atomic.events", warehouse.loaded), ("dropped", warehouse.dropped))))
    bad = (("bad rows in the lake", lake.bad),)
    book.append(Line("kept", bad, (("in atomic.bad_rows", warehouse.bad_rows),)))
    staged = (
        ("staged", models.staged),
        ("duplicates", models.duplicates),
        ("held", warehouse.held),
        ("not checked yet", warehouse.unchecked),
        ("not built yet", warehouse.released if models.not_built is None else models.not_built),
    )
    book.append(Line("staged", (("in atomic.events", warehouse.loaded),), _shown(staged)))
    book.append(Line("modelled", (("staged", models.staged),), (("in event_quality", models.in_event_quality),)))
    return book


def _shown(terms: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """The terms without those that wait for a next step, where nothing waits."""
    return tuple(term for term in terms if term[1] or not term[0].startswith("not "))
