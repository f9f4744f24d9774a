"""The lines of the books and whether they balance. Pure: counts in, lines out."""

from collections.abc import Sequence
from dataclasses import dataclass

from snowmelt.books.models import ModelCounts
from snowmelt.lake.counts import LakeCounts
from snowmelt.loader.counts import WarehouseCounts


@dataclass(frozen=True, slots=True)
class Sent:
    """Counted by the senders: tracking requests answered 200, and the events in them that can be told apart."""

    requests: int
    events: int
    others: bool = False
    """Whether senders that do not count, as browsers do not, may have sent as well."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What is on its way, as it is while the stages run: counted where it waits, not by subtraction."""

    records: int = 0
    """Records in the log that no run folder holds yet."""
    good: int = 0
    """Events in run folders that are not loaded yet."""
    bad: int = 0
    """Bad rows in run folders that are not loaded yet."""


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
    """What each stage says. ``sent`` is None where no sender counts."""

    sent: Sent | None
    logged: int
    """Records found by walking the log, and that of the bad rows the collector makes itself."""
    lake: LakeCounts
    warehouse: WarehouseCounts
    models: ModelCounts
    pending: Pending = Pending()


def lines(counts: Counts) -> Sequence[Line]:
    """The books, in the order of the way of an event.

    What is beyond the senders' own counts is put down to those that do not count, where there are such; what is
    missing never is. Events are compared with what was sent once the whole log is enriched.
    """
    sent, lake, warehouse, models, pending = counts.sent, counts.lake, counts.warehouse, counts.models, counts.pending
    logged = (("records in the log", counts.logged),)
    book = []
    if sent is not None:
        others = _surplus(sent, counts.logged - sent.requests)
        acknowledged = (("requests acknowledged", sent.requests), ("from senders that do not count", others))
        book.append(Line("collected", _shown(acknowledged), logged))
    records = (
        ("gave events", lake.records - lake.bad_records),
        ("became one bad row", lake.bad_records),
        ("not enriched yet", pending.records),
    )
    book.append(Line("enriched", logged, _shown(records)))
    if sent is not None and not pending.records:
        others = _surplus(sent, lake.events - sent.events)
        events = (("events sent", sent.events), ("from senders that do not count", others))
        book.append(Line("extracted", _shown(events), (("good events", lake.good), ("bad events", lake.bad_events))))
    loaded = (
        ("in atomic.events", warehouse.loaded),
        ("dropped", warehouse.dropped),
        ("not loaded yet", pending.good),
    )
    book.append(Line("loaded", (("good events in the lake", lake.good),), _shown(loaded)))
    kept = (("in atomic.bad_rows", warehouse.bad_rows), ("not loaded yet", pending.bad))
    book.append(Line("kept", (("bad rows in the lake", lake.bad),), _shown(kept)))
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


def _surplus(sent: Sent, difference: int) -> int:
    return max(0, difference) if sent.others else 0


def _shown(terms: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """The terms without those for what waits or came from others, where there is nothing of the kind."""
    return tuple(term for term in terms if term[1] or not term[0].startswith(("not ", "from ")))
