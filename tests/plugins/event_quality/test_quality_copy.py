"""The copy: what it says of runs and bad rows, and that it is replaced whole."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from tests.plugins.event_quality.warehouses import NOW, SQL, MadeBadRow, MadeRun, make_warehouse

from event_quality.quality_copy import MOST_CAUSES, moment_of, publish, reading
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.manifest import State

LONG_AGO = NOW - timedelta(days=365)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "snowmelt.duckdb"


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "published" / "quality.duckdb"


def published(file, copy, runs, since=LONG_AGO):
    make_warehouse(file, runs)
    publish(file, SQL, copy, since)
    return reading(copy, SQL)


def test_the_books_of_each_run(file, copy):
    runs = [
        MadeRun("a", good=3, bad_rows=[MadeBadRow()] * 2),
        MadeRun("b", State.HELD),
        MadeRun("c", State.DROPPED, good=4),
        MadeRun("d", State.LOADED),
        MadeRun("e", State.LOADING, good=5, lost=2),
    ]
    with published(file, copy, runs) as numbers:
        found = {books.run[-1]: books for books in numbers.runs("", 10, 0)}
        totals = {total.state: total for total in numbers.totals()}
    kept = {name: (books.in_events, books.in_bad_rows, books.dropped) for name, books in found.items()}
    assert kept == {"a": (3, 2, 0), "b": (3, 0, 0), "c": (0, 0, 4), "d": (3, 0, 0), "e": (3, 0, 0)}
    assert {name: books.difference for name, books in found.items()} == {"a": 0, "b": 0, "c": 0, "d": 0, "e": 2}
    assert found["b"].reason == runs[1].reason
    assert found["b"].held is not None
    assert found["a"].released is not None
    assert found["a"].released.tzinfo is not None
    assert found["d"].released is None
    assert {state: (total.runs, total.unbalanced) for state, total in totals.items()} == {
        State.RELEASED: (1, 0),
        State.HELD: (1, 0),
        State.DROPPED: (1, 0),
        State.LOADED: (1, 0),
        State.LOADING: (1, 1),
    }


def test_runs_page_by_page_with_what_is_wrong_first(file, copy):
    runs = [MadeRun("a"), MadeRun("b", lost=1), MadeRun("c"), MadeRun("d", State.HELD)]
    with published(file, copy, runs) as numbers:
        pages = [[books.run[-1] for books in numbers.runs("", 2, offset)] for offset in (0, 2, 4)]
        assert [books.run[-1] for books in numbers.runs("held", 5, 0)] == ["d"]
        assert numbers.run(runs[2].run).run == runs[2].run
        assert numbers.run("run=of-nobody") is None
    assert pages == [["b", "d"], ["c", "a"], []]


def test_bad_rows_by_cause(file, copy):
    item = "iglu:com.acme/cart/jsonschema/1-0-0: $.items[{}].price is of type string, not number"
    page = {"enriched": {"page_url": "https://shop.example/b#c"}}
    rows = [MadeBadRow()] * 3 + [MadeBadRow(message=item.format(place), payload=page) for place in (0, 12)]
    with published(file, copy, [MadeRun("a", bad_rows=rows), MadeRun("b", bad_rows=rows[:1])]) as numbers:
        first, second = numbers.causes("", "", 10, 0)
    assert (first.rows, first.kind, first.schema) == (
        4,
        "schema_violations",
        "iglu:com.acme/offer_shown/jsonschema/1-0-0",
    )
    assert first.message == "$.price is of type string, not number"
    assert (first.tracker_version, first.tracker_name, first.page) == ("js-4.6.8", "sp", "https://shop.example/a")
    assert first.first_seen < first.last_seen
    assert (second.rows, second.message) == (2, "$.items[].price is of type string, not number")
    assert (second.tracker_version, second.page, second.pages) == (None, "https://shop.example/b", 1)


@pytest.mark.parametrize(
    ("message", "schema", "text"),
    [
        ("iglu:com.acme/x/jsonschema/1-0-0 is in no registry", "iglu:com.acme/x/jsonschema/1-0-0", "is in no registry"),
        ("iglu:a/b/jsonschema/1-0-0 instead of iglu:a/c/*", "iglu:a/b/jsonschema/1-0-0", "instead of iglu:a/c/*"),
        ("vid: cannot be converted", None, "vid: cannot be converted"),
        (None, None, None),
    ],
)
def test_the_schema_stands_first_in_a_message(file, copy, message, schema, text):
    with published(file, copy, [MadeRun("a", bad_rows=[MadeBadRow(message=message)])]) as numbers:
        (cause,) = numbers.causes("", "", 10, 0)
    assert (cause.schema, cause.message) == (schema, text)


@pytest.mark.parametrize(
    ("payload", "tracker", "page"),
    [
        ({"enriched": {"v_tracker": "js-1"}, "raw": {}}, "js-1", None),
        ({"v_tracker": "py-1", "page_url": "https://a/b?c"}, "py-1", "https://a/b"),
        ({"querystring": [{"name": "e", "value": "pv"}, {"name": "tv", "value": "no-js-1"}]}, "no-js-1", None),
        ({"body": '{"data":[{"tv":"own-1"}]}', "refererUri": "https://a/?x"}, "own-1", "https://a/"),
        ({"body": '{"data":[{"tv', "querystring": []}, None, None),
        ({"body": "[" * 5_000, "querystring": {"tv": 1}}, None, None),
        ({"querystring": [1, 2], "enriched": "text", "page_url": None}, None, None),
        ('{"page_url":"https://a/b?x\\ny"}', None, "https://a/b"),
        ("CgABAAAB", None, None),
        ("", None, None),
        ("{" * 1_000, None, None),
        ("[1]", None, None),
        ("null", None, None),
    ],
)
def test_tracker_and_page_of_every_kind_of_payload(file, copy, payload, tracker, page):
    with published(file, copy, [MadeRun("a", bad_rows=[MadeBadRow(payload=payload)])]) as numbers:
        (cause,) = numbers.causes("", "", 10, 0)
    assert (cause.tracker_version, cause.page) == (tracker, page)


def test_the_most_frequent_page_is_named_and_the_others_counted(file, copy):
    rows = [MadeBadRow(payload={"refererUri": f"https://a/{name}"}) for name in "xyyz"]
    with published(file, copy, [MadeRun("a", bad_rows=rows)]) as numbers:
        (cause,) = numbers.causes("", "", 10, 0)
    assert (cause.page, cause.pages, cause.rows) == ("https://a/y", 3, 4)


def test_causes_of_a_kind_and_an_application_page_by_page(file, copy):
    rows = [MadeBadRow(message=f"m{number}", app_id=app) for app in ("shop", "blog") for number in range(3)]
    rows.append(MadeBadRow(kind="adapter_failures", app_id=None))
    with published(file, copy, [MadeRun("a", bad_rows=rows)]) as numbers:
        assert numbers.count_causes("", "") == (7, 7)
        assert numbers.count_causes("", "blog") == (3, 3)
        assert numbers.count_causes("adapter_failures", "blog") == (0, 0)
        assert [len(numbers.causes("schema_violations", "", 4, offset)) for offset in (0, 4, 8)] == [4, 2, 0]
        assert numbers.kinds() == [
            ("adapter_failures", ""),
            ("schema_violations", "blog"),
            ("schema_violations", "shop"),
        ]


def test_causes_are_bounded(file, copy):
    make_warehouse(file, [MadeRun("a", bad_rows=[MadeBadRow(message="m0"), MadeBadRow(message="m7")])])
    with duckdb.connect(file) as warehouse:
        warehouse.execute(
            "insert into atomic.bad_rows select made.* replace ('m' || number as first_message) "
            "from atomic.bad_rows as made, range(1, 2001) as numbers (number) where made.first_message = 'm0'"
        )
    publish(file, SQL, copy, LONG_AGO)
    with reading(copy, SQL) as numbers:
        assert numbers.count_causes("", "") == (MOST_CAUSES, MOST_CAUSES + 1)
        assert numbers.causes("", "", 1, 0)[0].message == "m7"


def test_old_bad_rows_are_forgotten(file, copy):
    make_warehouse(file, [MadeRun("a", bad_rows=[MadeBadRow()])], start=NOW - timedelta(days=40))
    publish(file, SQL, copy, NOW - timedelta(days=30))
    with reading(copy, SQL) as numbers:
        assert numbers.count_causes("", "") == (0, 0)
        assert numbers.runs("", 10, 0)[0].in_bad_rows == 1


def test_a_reader_keeps_the_copy_it_opened(file, copy):
    make_warehouse(file, [MadeRun("a")])
    publish(file, SQL, copy, LONG_AGO)
    with duckdb.connect(copy, read_only=True) as reader:
        with duckdb.connect(file) as writer:
            writer.execute("delete from atomic.events")
        publish(file, SQL, copy, LONG_AGO)
        assert reader.execute("select in_events from runs").fetchall() == [(3,)]
    with reading(copy, SQL) as numbers:
        assert numbers.runs("", 1, 0)[0].in_events == 0
    assert [entry.name for entry in copy.parent.iterdir()] == [copy.name]


def test_without_a_warehouse_the_old_copy_stays(file, copy):
    make_warehouse(file, [MadeRun("a")])
    publish(file, SQL, copy, LONG_AGO)
    before = moment_of(copy)
    file.write_bytes(b"no database")
    with pytest.raises(LoaderError):
        publish(file, SQL, copy, LONG_AGO)
    assert moment_of(copy) == before
    assert [entry.name for entry in copy.parent.iterdir()] == [copy.name]


def test_what_is_no_copy_is_an_error(tmp_path):
    copy = tmp_path / "quality.duckdb"
    assert moment_of(copy) is None
    copy.write_bytes(b"no database")
    with pytest.raises(LoaderError), reading(copy, Path(SQL)):
        pass
    duckdb.connect(tmp_path / "other.duckdb").close()
    with reading(tmp_path / "other.duckdb", SQL) as numbers, pytest.raises(LoaderError):
        numbers.totals()
