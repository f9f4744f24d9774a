"""Days gone by become records with the clocks of those days, which enrich takes like any other."""

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.pipeline import Enricher, Good
from snowmelt.iglu.resolver import default_resolver
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.collector_payload import decode
from snowmelt.simulate.history import HistoryError, days, write
from snowmelt.streams.log import Appended, Record, Refused, Result

START = date(2026, 8, 1)


class MemoryWriter:
    """Keeps what is appended; refuses everything once it is full."""

    def __init__(self, room: int = 1_000_000) -> None:
        self.room = room
        self.records: list[bytes] = []

    def append(self, records: list[Record]) -> list[Result]:
        if len(self.records) + len(records) > self.room:
            return [Refused("the disk budget is used up")] * len(records)
        self.records += [record.data for record in records]
        return [Appended("")] * len(records)

    def close(self) -> None: ...


def test_each_day_has_its_own_requests_in_the_order_they_were_sent() -> None:
    made = list(days(Random(1), START, 3, 200))
    assert len(made) == 3
    for offset, day in enumerate(made):
        sent = [request.sent_at for request in day]
        assert sent == sorted(sent)
        dates = {datetime.fromtimestamp(at / 1000, UTC).date() for at in sent}
        assert date(2026, 8, 1 + offset) in dates
        assert max(dates) <= date(2026, 8, 2 + offset)


def test_the_records_are_enriched_like_those_of_a_collector(root: Path) -> None:
    writer = MemoryWriter()
    (day,) = days(Random(1), START, 1, 300)
    assert write(Random(2), writer, day) == len(day) == len(writer.records)
    enricher = Enricher(
        default_resolver(), load_enrichments(root / "include" / "enrichments"), Processor("snowmelt-enrich", "0.1.0")
    )
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for request, record in zip(day, writer.records, strict=True):
        assert decode(record).timestamp > request.sent_at
        items = enricher.process(record, None, now)
        if request.kind == "events":
            assert [isinstance(item, Good) for item in items] == [True] * request.events
            for item in items:
                assert isinstance(item, Good)
                assert str(item.event["collector_tstamp"])[:7] == "2026-08"
        else:
            assert not any(isinstance(item, Good) for item in items), request.kind


def test_a_refusing_log_stops_the_writing_with_its_reason() -> None:
    (day,) = days(Random(1), START, 1, 300)
    with pytest.raises(HistoryError, match="disk budget"):
        write(Random(2), MemoryWriter(room=10), day)
