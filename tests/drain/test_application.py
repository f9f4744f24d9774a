"""From log to lake: every record once, wherever the application is killed."""

import threading
from collections import Counter
from datetime import timedelta
from io import BytesIO
from itertools import count

import pyarrow.parquet as pq
import pytest
from tests.drain.doubles import MemoryOffsets, MemoryReader, enrich
from tests.lake.doubles import PROCESSOR, START, Clock, Crash, CrashingStore, MemoryStore, resolver

from snowmelt.drain.application import Application, Progress
from snowmelt.drain.settings import EnrichSettings, Input, Output
from snowmelt.drain.sources import Source, bad_rows_of
from snowmelt.lake import run_folder
from snowmelt.lake.counts import lake_counts
from snowmelt.lake.store import Store
from snowmelt.lake.writer import LakeWriter
from snowmelt.protocol.bad_rows import generic_error
from snowmelt.streams.log import Entry, StreamError

SETTINGS = EnrichSettings(input=Input(max_records=3), output=Output(max_events=10), poll_seconds=0)
RECORDS = {"0": [b"2", b"1", b"x", b"3", b"1", b"1", b"4", b"2", b"y", b"1"], "1": [b"1"] * 7}
EVENTS = sum(int(record) for records in RECORDS.values() for record in records if record.isdigit())


def application(
    store: Store, offsets: MemoryOffsets, sources: list[Source] | None = None, settings: EnrichSettings = SETTINGS
) -> Application:
    clock = Clock()
    lake = LakeWriter(store, resolver({}), PROCESSOR, clock)
    return Application(sources or [Source("", MemoryReader(RECORDS), enrich)], offsets, lake, settings, clock)


def run(made: Application) -> Progress:
    return made.run(threading.Event(), once=True)


def event_ids(store: MemoryStore) -> list[str]:
    """The event ids in whole run folders."""
    whole, _ = run_folder.runs(store.list("run="))
    ids: list[str] = []
    for name in whole:
        if f"{name}/{run_folder.GOOD}" in store.files:
            ids += pq.read_table(BytesIO(store.get(f"{name}/{run_folder.GOOD}")))["event_id"].to_pylist()
    return ids


def test_every_record_comes_to_the_lake_in_folders_of_a_bounded_size() -> None:
    store = MemoryStore()
    progress = run(application(store, MemoryOffsets()))
    counts = lake_counts(store)
    assert (counts.records, counts.bad_records, counts.good, counts.bad) == (17, 2, EVENTS, 2)
    assert (progress.records, progress.good, progress.bad) == (17, EVENTS, 2)
    assert progress.folders == len(run_folder.runs(store.list("run="))[0]) >= 2


def test_a_second_run_finds_nothing_to_do() -> None:
    store, offsets = MemoryStore(), MemoryOffsets()
    run(application(store, offsets))
    before = dict(store.files)
    assert run(application(store, offsets)) == Progress()
    assert store.files == before


def test_the_offsets_alone_say_where_to_go_on_when_loaded_folders_were_removed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    offsets = MemoryOffsets()
    run(application(MemoryStore(), offsets))
    assert run(application(MemoryStore(), offsets)) == Progress()
    assert f"partition 0 goes on after {9:020d}, which this lake does not have" in caplog.text


def test_the_lake_alone_says_where_to_go_on_when_the_offsets_were_lost() -> None:
    store = MemoryStore()
    run(application(store, MemoryOffsets()))
    assert run(application(store, MemoryOffsets())) == Progress()


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_change_to_the_lake_no_event_is_lost_or_doubled(after: bool) -> None:
    expected = MemoryStore()
    run(application(expected, MemoryOffsets()))
    crashes = 0
    for at in range(1000):
        store, offsets = MemoryStore(), MemoryOffsets()
        try:
            run(application(CrashingStore(store.files, at, after), offsets))
        except Crash:
            crashes += 1
        else:
            break
        run(application(store, offsets))
        assert Counter(event_ids(store)) == Counter(event_ids(expected)), f"killed at change {at}"
        assert lake_counts(store) == lake_counts(expected)
    assert crashes > 5


def test_a_folder_is_closed_when_its_time_is_up() -> None:
    settings = EnrichSettings(input=Input(max_records=1), output=Output(max_seconds=2), poll_seconds=0)
    progress = run(application(MemoryStore(), MemoryOffsets(), settings=settings))
    assert progress.folders > 2


def test_a_folder_is_closed_when_its_records_are_large() -> None:
    settings = EnrichSettings(input=Input(max_records=1), output=Output(max_bytes=4), poll_seconds=0)
    assert run(application(MemoryStore(), MemoryOffsets(), settings=settings)).folders == 5


def test_a_folder_is_closed_when_the_clock_was_set_back() -> None:
    made = application(MemoryStore(), MemoryOffsets(), settings=EnrichSettings(input=Input(max_records=1)))
    made.clock = map(START.__add__, (timedelta(hours=-hour) for hour in count())).__next__
    assert run(made).folders == 17


def test_what_lies_before_damage_comes_to_the_lake(caplog: pytest.LogCaptureFixture) -> None:
    """Of other partitions too, each time it is started, so that it gets on with them."""

    class Damaged(MemoryReader):
        def read(self, partition: str, after: str | None, max_records: int, max_bytes: int) -> list[Entry]:
            if partition == "1" and after is not None and after >= f"{2:020d}":
                raise StreamError("damaged")
            return super().read(partition, after, max_records, max_bytes)

    store, offsets = MemoryStore(), MemoryOffsets()
    for records in (6 + 3, 9 + 3, 10 + 3):
        with pytest.raises(StreamError, match="damaged"):
            run(application(store, offsets, [Source("", Damaged(RECORDS), enrich)]))
        assert lake_counts(store).records == records
    assert not caplog.records


def test_what_is_in_the_window_is_written_when_the_application_is_stopped() -> None:
    stopped = threading.Event()
    store = MemoryStore()
    settings = EnrichSettings(input=Input(max_records=100))
    progress = application(store, MemoryOffsets(), settings=settings).run(stopped, report=lambda _: stopped.set())
    assert progress.folders == 1
    assert lake_counts(store).records == 17


def test_bad_rows_of_the_collector_come_to_the_lake_beside_the_events() -> None:
    row = generic_error(PROCESSOR, START, ["too large"], "…")
    bad = MemoryReader({"0": [row.to_json().encode(), b"\xff not a bad row"]})
    store = MemoryStore()
    sources = [Source("", MemoryReader({"0": [b"1"]}), enrich), Source("bad-", bad, bad_rows_of(PROCESSOR))]
    offsets = MemoryOffsets()
    run(application(store, offsets, sources))
    counts = lake_counts(store)
    assert (counts.records, counts.bad_records, counts.good, counts.bad) == (3, 2, 1, 2)
    (name,) = run_folder.runs(store.list("run="))[0]
    lines = store.get(f"{name}/{run_folder.BAD}").decode().splitlines()
    assert lines[0] == row.to_json()
    assert "no bad row" in lines[1]
    assert {partition for _, partition in offsets.kept} == {"0", "bad-0"}
