import contextlib
import datetime as dt
import io
import json

import pyarrow.parquet as pq
import pytest
from tests.lake.doubles import (
    PROCESSOR,
    START,
    Clock,
    Crash,
    CrashingStore,
    MemoryStore,
    batch,
    event,
    resolver,
    sdj,
    thing,
)

from snowmelt.lake import run_folder
from snowmelt.lake.counts import lake_counts
from snowmelt.lake.store import LocalStore
from snowmelt.lake.writer import BAD_ROWS_SCHEMA, LakeWriter, parquet
from snowmelt.protocol.bad_rows import bad_row_id, flatten, generic_error

PAGE = "iglu:com.acme/page/jsonschema/1-0-0"
RESOLVER = resolver(
    {
        PAGE: thing(
            {
                "id": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
                "price": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 10**9},
                "any": {},
            }
        )
    }
)
BAD = ("b" * 32, generic_error(PROCESSOR, START, ["it broke"], "payload"))


def writer(store, clock=None):
    return LakeWriter(store, RESOLVER, PROCESSOR, clock or Clock())


def written(store, *batches):
    lake = writer(store)
    lake.resume()
    return [lake.write(one) for one in batches]


def table(store, folder, name):
    return pq.read_table(io.BytesIO(store.get(f"{folder.name}/{name}")))


def test_a_folder_holds_good_bad_positions_and_marker():
    store = MemoryStore()
    page = sdj(PAGE, {"id": "a"})
    events = [event(0, contexts=[page]), event(1, collector_tstamp="2026-11-24 13:00:00.000")]
    (folder,) = written(store, batch(*events, positions={"0": ["01", "03"]}, bad=[BAD], records=3, bad_records=1))
    name = folder.name
    assert store.list("") == [
        f"{name}/output=bad/part-00000.json",
        f"{name}/output=bad_rows/part-00000.parquet",
        f"{name}/output=good/part-00000.parquet",
        f"{name}/positions.json",
        f"{name}/shredding_complete.json",
    ]
    assert list(store.files)[-1] == f"{name}/shredding_complete.json"
    assert (folder.records, folder.bad_records, folder.good, folder.bad) == (3, 1, 2, 1)
    good = table(store, folder, run_folder.GOOD)
    assert good["event_id"].to_pylist() == [one["event_id"] for one in events]
    assert good["contexts_com_acme_page_1"].to_pylist()[1] is None
    assert store.get(f"{name}/{run_folder.BAD}").decode() == BAD[1].to_json() + "\n"
    (flat,) = table(store, folder, run_folder.BAD_ROWS).to_pylist()
    assert flat["bad_row_id"] == BAD[0]
    assert flat["first_message"] == flatten(BAD[1]).first_message == "it broke"
    assert flat["failure_tstamp"] == START
    assert list(flat) == BAD_ROWS_SCHEMA.names
    marker = run_folder.decode_marker(store.get(f"{name}/{run_folder.MARKER}"))
    assert marker.base == folder.base == f"memory:/{name}/"
    assert (marker.count.good, marker.count.bad) == (2, 1)
    assert marker.timestamps.min == dt.datetime(2026, 11, 24, 12, 0, 0, 123000, tzinfo=dt.UTC)
    assert marker.timestamps.max == dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
    assert [(kind.schema_key, kind.snowplow_entity) for kind in marker.types_info.types] == [(PAGE, "CONTEXT")]


def test_a_folder_of_nothing_is_whole():
    store = MemoryStore()
    (folder,) = written(store, batch())
    assert store.list("") == [f"{folder.name}/positions.json", f"{folder.name}/shredding_complete.json"]
    assert run_folder.decode_marker(store.get(f"{folder.name}/{run_folder.MARKER}")).timestamps.min is None


def test_an_event_that_no_table_holds_is_a_bad_row_with_an_id_that_a_retry_gives_again():
    events = [event(0), event(1, txn_id="x"), event(2, contexts=[sdj("iglu:com.acme/gone/jsonschema/1-0-0", {})])]
    ids = []
    for _ in range(2):
        store = MemoryStore()
        (folder,) = written(store, batch(*events, bad=[BAD]))
        assert (folder.good, folder.bad) == (1, 3)
        flat = table(store, folder, run_folder.BAD_ROWS).to_pylist()
        assert [row["kind"] for row in flat] == ["generic_error", "loader_parsing_error", "loader_iglu_error"]
        lines = store.get(f"{folder.name}/{run_folder.BAD}").decode().splitlines()
        assert [json.loads(line)["schema"] for line in lines] == [row["schema"] for row in flat]
        ids.append([row["bad_row_id"] for row in flat])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3
    assert ids[0][1] == bad_row_id("lake 0/00", 1, "loader_parsing_error")


def test_parquet_is_as_the_specification_wants_it():
    store = MemoryStore()
    page = sdj(PAGE, {"id": "a", "at": "2026-01-01T00:00:00Z", "any": [1]})
    (folder,) = written(store, batch(event(0, contexts=[page], tr_total="1.5")))
    file = pq.ParquetFile(io.BytesIO(store.get(f"{folder.name}/{run_folder.GOOD}")))
    text = str(file.schema)
    moment = "Timestamp(isAdjustedToUTC=true, timeUnit=microseconds,"
    for line in (
        "required binary field_id=-1 event_id (String);",
        f"required int64 field_id=-1 collector_tstamp ({moment}",
        f"optional int64 field_id=-1 derived_tstamp ({moment}",
        "optional int64 field_id=-1 tr_total (Decimal(precision=18, scale=2));",
        "optional int32 field_id=-1 domain_sessionidx;",
        "optional boolean field_id=-1 br_cookies;",
        "optional group field_id=-1 contexts_com_acme_page_1 (List) {",
        "required group field_id=-1 element {",
        f"optional int64 field_id=-1 at ({moment}",
        "optional int64 field_id=-1 price (Decimal(precision=18, scale=2));",
        "optional binary field_id=-1 any (JSON);",
    ):
        assert line in text
    group = file.metadata.row_group(0)
    chunks = {group.column(place).path_in_schema: group.column(place) for place in range(group.num_columns)}
    assert {chunk.compression for chunk in chunks.values()} == {"ZSTD"}
    assert chunks["collector_tstamp"].statistics.has_min_max
    dictionaries = {path for path, chunk in chunks.items() if chunk.has_dictionary_page}
    assert "app_id" in dictionaries
    assert not {"event_id", "event_fingerprint"} & dictionaries


def test_parquet_of_the_same_table_is_the_same_bytes():
    assert parquet(BAD_ROWS_SCHEMA.empty_table()) == parquet(BAD_ROWS_SCHEMA.empty_table())


def test_resume_gives_the_last_positions_of_every_partition():
    store = MemoryStore()
    written(
        store,
        batch(event(0), positions={"0": ["00"], "1": ["00", "07"]}),
        batch(event(1), positions={"0": ["01", "05"]}),
    )
    assert writer(store).resume() == {"0": "05", "1": "07"}
    assert writer(MemoryStore()).resume() == {}


def test_names_are_in_the_order_of_writing_even_if_the_clock_is_set_back():
    store = MemoryStore()
    folders = written(
        store,
        batch(event(0), positions={"0": ["09"]}),
        batch(event(1), positions={"0": ["10"]}),
        batch(event(2), positions={"0": ["11"]}, started=START - dt.timedelta(days=1)),
    )
    names = [folder.name for folder in folders]
    assert names == sorted(names)
    assert writer(store).resume() == {"0": "11"}


def test_write_without_resume_is_refused_and_so_it_is_after_an_error():
    class Full(MemoryStore):
        def put(self, key, data):
            raise OSError("no space left")

    with pytest.raises(RuntimeError, match=r"resume\(\)"):
        writer(MemoryStore()).write(batch(event()))
    lake = writer(Full())
    lake.resume()
    with pytest.raises(OSError, match="no space left"):
        lake.write(batch(event()))
    with pytest.raises(RuntimeError, match=r"resume\(\)"):
        lake.write(batch(event()))


def test_resume_removes_folders_without_a_marker_and_no_other():
    store = MemoryStore()
    written(store, batch(event()))
    whole = store.list("")
    store.put("run=2026-11-24-12-00-01-abc/positions.json", b"half")
    store.put("notes.txt", b"mine")
    assert writer(store).resume() == {"0": "00"}
    assert store.list("") == ["notes.txt", *whole]


LOG = {"0": [f"{place:03d}" for place in range(7)], "1": [f"{place:03d}" for place in range(4)]}


def drain(store, clock):
    """The loop of a drain: from where the lake is, three records of each partition at a time."""
    lake = writer(store, clock)
    reached = lake.resume()
    while True:
        news = {name: [place for place in places if place > reached.get(name, "")][:3] for name, places in LOG.items()}
        news = {name: places for name, places in news.items() if places}
        if not news:
            return
        events = [event(int(place), app_id=f"{name}/{place}") for name, places in news.items() for place in places]
        lake.write(batch(*events, positions=news, bad=[BAD]))
        reached |= {name: places[-1] for name, places in news.items()}


def laked_positions(store):
    """What every whole folder holds, by what the events themselves say."""
    found = []
    whole, _ = run_folder.runs(store.list(""))
    for name in whole:
        found += pq.read_table(io.BytesIO(store.get(f"{name}/{run_folder.GOOD}")))["app_id"].to_pylist()
    return sorted(found)


EVERY_POSITION = sorted(f"{name}/{place}" for name, places in LOG.items() for place in places)


CHANGES = 15
"""Changes to files while the log goes into the lake undisturbed: three folders of five files."""


def crashes():
    """One crash at every change, and for every change of the second folder another at each of the next start's."""
    for first in range(CHANGES):
        yield (first,)
    for first in range(CHANGES // 3, 2 * CHANGES // 3):
        for second in range(CHANGES // 3):
            yield first, second


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_wherever_the_writer_dies_each_position_is_in_one_whole_folder(after):
    quiet = CrashingStore({}, -1, after)
    drain(quiet, Clock())
    assert quiet.changes == CHANGES
    for places in crashes():
        files, clock = {}, Clock()
        for place in places:
            with contextlib.suppress(Crash):
                drain(CrashingStore(files, place, after), clock)
        store = MemoryStore()
        store.files = files
        drain(store, clock)
        assert laked_positions(store) == EVERY_POSITION
        counts = lake_counts(store)
        assert (counts.records, counts.good, counts.bad) == (11, 11, 3)
        assert run_folder.runs(store.list(""))[1] == []


def test_on_a_disk(tmp_path):
    store = LocalStore(tmp_path / "lake")
    drain(store, Clock())
    assert laked_positions(store) == EVERY_POSITION
    assert writer(store).resume() == {"0": "006", "1": "003"}
