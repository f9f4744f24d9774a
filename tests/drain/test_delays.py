"""A registry that is down delays events: none becomes bad, none is lost, none is doubled, and their order is kept."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.drain.doubles import MemoryOffsets, MemoryReader
from tests.enrich.records import get, post, wrapped
from tests.lake.doubles import PROCESSOR, START, Crash, CrashingStore, MemoryRegistry, MemoryStore, thing

from snowmelt.drain.application import Application, Progress
from snowmelt.drain.patience import Patience
from snowmelt.drain.settings import EnrichSettings, Input, Output
from snowmelt.drain.sources import Source
from snowmelt.enrich.enrichments import Enrichments
from snowmelt.enrich.pipeline import Enricher
from snowmelt.iglu.registry import RegistryFailure, SchemaBody, embedded_registry
from snowmelt.iglu.resolver import Resolver
from snowmelt.lake import run_folder
from snowmelt.lake.writer import Batch, LakeWriter, RunFolder
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

ACME = "iglu:com.acme"
TEXT = {"type": "string"}
SCHEMAS: dict[str, SchemaBody] = {
    f"{ACME}/page/jsonschema/1-0-0": thing({"id": TEXT}, ["id"]),
    f"{ACME}/page/jsonschema/1-0-1": thing({"id": TEXT, "kind": TEXT}, ["id"]),
    f"{ACME}/user/jsonschema/1-0-0": thing({"name": TEXT}, ["name"]),
    f"{ACME}/buy/jsonschema/2-0-0": thing({"price": {"type": "integer"}}, ["price"]),
}


def sdj(name: str, data: object, version: str = "1-0-0") -> dict[str, object]:
    return {"schema": f"{ACME}/{name}/jsonschema/{version}", "data": data}


def view(*entities: object) -> dict[str, str]:
    return {"e": "pv", "p": "web", "tv": "t", **({"co": wrapped("contexts", list(entities))} if entities else {})}


def buy(price: int) -> dict[str, str]:
    return {"e": "ue", "p": "web", "tv": "t", "ue_pr": wrapped("unstruct_event", sdj("buy", {"price": price}, "2-0-0"))}


def pixel(event: dict[str, str]) -> bytes:
    return get(urlencode(event))


GOOD = [
    pixel(view()),
    pixel(view(sdj("page", {"id": "a"}))),
    pixel(view(sdj("page", {"id": "b", "kind": "x"}, "1-0-1"), sdj("user", {"name": "Eva"}))),
    pixel(view()),
    pixel(buy(5)),
    pixel(view(sdj("user", {"name": "Jan"}), sdj("page", {"id": "c"}))),
    pixel(buy(6)),
]
ASKED_IN_VAIN = [pixel(view(sdj("none", {}))), pixel(view(sdj("page", {"id": 5})))]
RECORDS = {"0": [*GOOD, *ASKED_IN_VAIN, *GOOD], "1": [GOOD[2], GOOD[0], GOOD[4]]}


class Flaky(MemoryRegistry):
    """Answers or fails as `troubles` say, one each time it is asked, and answers when they are at an end."""

    name = "flaky"
    class_priority = 100

    def __init__(self, troubles: Iterable[bool] = ()) -> None:
        super().__init__(SCHEMAS)
        self.troubles = iter(troubles)

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        self._may_fail()
        return super().lookup(key)

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        self._may_fail()
        return super().versions(vendor, name, model)

    def _may_fail(self) -> None:
        if next(self.troubles, False):
            raise RegistryFailure("it is down")


class Down(Flaky):
    """Fails until it is `mended`."""

    def __init__(self) -> None:
        super().__init__()
        self.mended = False

    def _may_fail(self) -> None:
        if not self.mended:
            raise RegistryFailure("it is down")


class Clock:
    """Moments, moved by whoever waits; `then` is what happens during each pause."""

    def __init__(self, then: Callable[[float], object] = lambda pause: None) -> None:
        self.now = START
        self.then = then
        self.pauses: list[float] = []

    def __call__(self):
        self.now += timedelta(milliseconds=1)
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


class Stopped(threading.Event):
    """The signal to stop, for which nobody really waits."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.clock.pauses.append(timeout)
        self.clock.now += timedelta(seconds=timeout)
        self.clock.then(timeout)
        return self.is_set()


SETTINGS = EnrichSettings(input=Input(max_records=4), output=Output(max_events=5, max_seconds=60), poll_seconds=0.5)


def run(
    registry: MemoryRegistry,
    store: MemoryStore,
    offsets: MemoryOffsets | None = None,
    clock: Clock | None = None,
    records: dict[str, list[bytes]] = RECORDS,
    limit: float | None = None,
    once: bool = True,
    settings: EnrichSettings = SETTINGS,
    cache_size: int = 100,
) -> Progress:
    """One run of the application from start to end, with nothing remembered of an earlier one."""
    clock = clock or Clock()
    resolver = Resolver([embedded_registry(), registry], cache_size, ttl=600, clock=clock.seconds, insists=True)
    enricher = Enricher(resolver, Enrichments(), PROCESSOR)
    application = Application(
        [Source("", MemoryReader(records), enricher.process)],
        offsets or MemoryOffsets(),
        LakeWriter(store, resolver, PROCESSOR, clock),
        settings,
        clock,
        Patience(limit, clock.seconds),
    )
    return application.run(Stopped(clock), once=once)


def events(store: MemoryStore, column: str = "event_id") -> list[object]:
    """A column of the good events, in the order in which they lie in the lake."""
    whole, _ = run_folder.runs(store.list("run="))
    files = [f"{name}/{run_folder.GOOD}" for name in whole if f"{name}/{run_folder.GOOD}" in store.files]
    tables = [pq.read_table(BytesIO(store.get(file))) for file in files]
    return [value for table in tables if column in table.schema.names for value in table[column].to_pylist()]


def bad_rows(store: MemoryStore) -> list[str]:
    whole, _ = run_folder.runs(store.list("run="))
    files = [f"{name}/{run_folder.BAD}" for name in whole if f"{name}/{run_folder.BAD}" in store.files]
    return [line for file in files for line in store.get(file).decode().splitlines()]


@pytest.fixture(scope="module")
def healthy() -> MemoryStore:
    """The lake as it is when the registry is never down."""
    store = MemoryStore()
    run(Flaky(), store)
    assert (len(events(store)), len(bad_rows(store))) == (17, 2)
    return store


@cache
def ids_of(partition: str) -> list[object]:
    """The ids of a partition's events in their order."""
    store = MemoryStore()
    run(Flaky(), store, records={partition: RECORDS[partition]})
    return events(store)


def entities(store: MemoryStore, column: str) -> list[str]:
    """The texts of what a column holds. Which names without a value it has depends on what lies in the same folder."""
    found = [value for value in events(store, column) if value is not None]
    present = [
        [{name: one[name] for name in one if one[name] is not None} for one in (v if isinstance(v, list) else [v])]
        for v in found
    ]
    return [json.dumps(value) for value in present]


def assert_same(found: MemoryStore, healthy: MemoryStore) -> None:
    assert sorted(map(str, events(found))) == sorted(map(str, events(healthy)))
    for column in ("contexts_com_acme_page_1", "contexts_com_acme_user_1", "unstruct_event_com_acme_buy_2"):
        assert sorted(entities(found, column)) == sorted(entities(healthy, column))
    for partition in RECORDS:
        ids = ids_of(partition)
        assert [identity for identity in events(found) if identity in ids] == ids
    kinds = [sorted(json.loads(row)["schema"] for row in bad_rows(store)) for store in (found, healthy)]
    assert kinds[0] == kinds[1]
    assert not any("it is down" in row for row in bad_rows(found))


@examples(max_examples=10, deadline=None)
@given(st.lists(st.booleans(), max_size=60), st.integers(0, 20), st.sampled_from([1, 100]))
def test_whenever_it_fails_the_lake_is_the_same(
    healthy: MemoryStore, troubles: list[bool], more: int, cache_size: int
) -> None:
    store = MemoryStore()
    run(Flaky([*troubles, *[True] * more]), store, cache_size=cache_size)
    assert_same(store, healthy)


@examples(max_examples=10, deadline=None)
@given(st.lists(st.booleans(), max_size=40), st.integers(0, 40), st.booleans())
def test_killed_in_between_the_lake_is_the_same(
    healthy: MemoryStore, troubles: list[bool], at: int, after: bool
) -> None:
    """Killed at any change to the lake, and started again while the registry still has its troubles."""
    store, offsets = MemoryStore(), MemoryOffsets()
    registry = Flaky(troubles)
    try:
        run(registry, CrashingStore(store.files, at, after), offsets)
    except Crash:
        run(registry, store, offsets)
    assert_same(store, healthy)


@pytest.mark.parametrize("answers", [0, 1, 3, 7])
def test_out_of_patience_it_goes_on_there_at_the_next_start(healthy: MemoryStore, answers: int) -> None:
    """The registry answers some times and is then down, at each of two starts."""
    store, offsets = MemoryStore(), MemoryOffsets()
    for _ in range(2):
        with pytest.raises(RegistryFailure, match="waits no longer"):
            run(Flaky([*[False] * answers, *[True] * 1000]), store, offsets, limit=0.1)
    run(Flaky(), store, offsets)
    assert_same(store, healthy)


def test_a_signal_to_stop_is_heeded_in_the_pause(healthy: MemoryStore) -> None:
    store, offsets, clock = MemoryStore(), MemoryOffsets(), Clock()
    resolver = Resolver([embedded_registry(), Down()], clock=clock.seconds, insists=True)
    stopped = Stopped(clock)
    clock.then = lambda pause: stopped.set()
    source = Source("", MemoryReader(RECORDS), Enricher(resolver, Enrichments(), PROCESSOR).process)
    lake = LakeWriter(store, resolver, PROCESSOR, clock)
    progress = Application([source], offsets, lake, SETTINGS, clock).run(stopped)
    assert clock.pauses == [0.5]
    assert (progress.records, len(events(store)), bad_rows(store)) == (1, 1, []), "what needed no registry is written"
    run(Flaky(), store, offsets)
    assert_same(store, healthy)


def test_what_came_before_is_written_in_time_while_it_waits() -> None:
    """The first record needs no registry; its folder is closed when its time is up, not when the registry is back."""
    registry, clock, moments = Down(), Clock(), []

    class Timed(MemoryStore):
        def put(self, key: str, data: bytes) -> None:
            moments.append((clock.now - START).total_seconds())
            super().put(key, data)

    def then(pause: float) -> None:
        registry.mended = len(clock.pauses) > 20

    clock.then = then
    store = Timed()
    run(registry, store, clock=clock, records={"0": GOOD}, settings=EnrichSettings(output=Output(max_seconds=50)))
    assert 50 <= moments[0] < 51, "in the middle of a pause"
    assert sum(clock.pauses) > 120
    assert max(clock.pauses) <= 15
    assert len(events(store)) == len(GOOD)


def test_it_is_told_once_not_for_each_record(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "snowmelt.enrich"):
        run(Flaky([True] * 20), MemoryStore())
    waiting, over = caplog.messages
    assert waiting.startswith(
        "waiting until it can go on: the registry 'flaky' could not answer for iglu:com.acme/page"
    )
    assert waiting.endswith(": it is down")
    assert over.startswith("registries answer again after ")


def test_other_partitions_go_on() -> None:
    registry, store, clock = Down(), MemoryStore(), Clock()
    easy = [GOOD[0]] * 6
    seen: list[int] = []

    def then(pause: float) -> None:
        seen.append(len(events(store)))
        registry.mended = len(seen) == 3

    clock.then = then
    run(registry, store, clock=clock, records={"0": GOOD[1:], "1": easy})
    assert seen == [0, 6, 6], "four of them in the first round; the others fill a folder in the second"
    assert len(events(store)) == len(GOOD) - 1 + len(easy)


def test_once_it_waits_and_gives_up_and_keeps_what_it_has(healthy: MemoryStore) -> None:
    store, offsets, clock = MemoryStore(), MemoryOffsets(), Clock()
    with pytest.raises(RegistryFailure, match=r"'flaky' could not answer for .*; after 30 sec"):
        run(Down(), store, offsets, clock, limit=30)
    assert 29.9 < sum(clock.pauses) < 30.1
    assert len(events(store)) == 1
    run(Flaky(), store, offsets)
    assert_same(store, healthy)


class NoLists(Flaky):
    """Has schemas, but cannot list them at first: columns cannot be made."""

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        self._may_fail()
        return super(Flaky, self).versions(vendor, name, model)

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        return super(Flaky, self).lookup(key)


def test_a_window_that_cannot_be_written_is_kept_and_does_not_grow(healthy: MemoryStore) -> None:
    """Without a cache the lake has to ask again for what enrich was told; while it cannot, nothing more is read."""
    store, clock, reads = MemoryStore(), Clock(), []

    class Counting(MemoryReader):
        def read(self, *arguments):
            reads.append(len(clock.pauses))
            return super().read(*arguments)

    def troubles() -> Iterator[bool]:
        yield from [False] * 6
        while len(clock.pauses) < 50:
            yield True

    resolver = Resolver([embedded_registry(), NoLists(troubles())], 0, clock=clock.seconds, insists=True)
    source = Source("", Counting(RECORDS), Enricher(resolver, Enrichments(), PROCESSOR).process)
    lake = LakeWriter(store, resolver, PROCESSOR, clock)
    application = Application([source], MemoryOffsets(), lake, SETTINGS, clock, Patience(None, clock.seconds))
    application.run(Stopped(clock), once=True)
    assert [pauses for pauses in reads if 10 < pauses < 50] == [], "its time was up after ten pauses"
    assert_same(store, healthy)


class Troubled(LakeWriter):
    """A lake that cannot be told of columns for the first `times`."""

    times = 0

    def write(self, batch: Batch) -> RunFolder:
        if self.times > 0:
            self.times -= 1
            raise RegistryFailure("no lists today")
        return super().write(batch)


@pytest.mark.parametrize("limit", [None, 60])
def test_once_it_is_not_done_before_the_last_window_is_written(healthy: MemoryStore, limit: float | None) -> None:
    store, offsets, clock = MemoryStore(), MemoryOffsets(), Clock()
    resolver = Resolver([embedded_registry(), Flaky()], clock=clock.seconds, insists=True)
    source = Source("", MemoryReader(RECORDS), Enricher(resolver, Enrichments(), PROCESSOR).process)
    lake = Troubled(store, resolver, PROCESSOR, clock)
    lake.times = 100
    large = EnrichSettings(input=Input(max_records=100), output=Output(max_seconds=7200))
    application = Application([source], offsets, lake, large, clock, Patience(limit, clock.seconds))
    if limit is None:
        application.run(Stopped(clock), once=True)
        assert_same(store, healthy)
    else:
        with pytest.raises(RegistryFailure, match="waits no longer"):
            application.run(Stopped(clock), once=True)
        assert (store.files, offsets.kept) == ({}, {}), "it is all still in the log"


def test_several_events_of_one_record_are_given_together() -> None:
    """The first two are fine when the third has to wait; none of them comes twice."""
    store = MemoryStore()
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(3)]
    record = post({"eid": ids[0]}, {"eid": ids[1], **view(sdj("page", {"id": "a"}))}, {"eid": ids[2], **buy(5)})
    progress = run(Flaky([False] * 3 + [True] * 9), store, records={"0": [record]})
    assert events(store) == ids
    assert (progress.records, progress.good, progress.bad) == (1, 3, 0)
