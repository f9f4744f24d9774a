import datetime as dt
import gzip
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.doubles import CONTEXTS, UNSTRUCT, event, resolver, sdj, thing

from snowmelt.iglu.registry import FolderRegistry
from snowmelt.iglu.resolver import Resolver
from snowmelt.lake.casting import Misfit
from snowmelt.lake.columns import Entity, entity_column, field_name
from snowmelt.lake.entities import WrongValue
from snowmelt.lake.rows import ATOMIC_SCHEMA, rows
from snowmelt.lake.typing import Scalar
from snowmelt.protocol.atomic import COLUMNS, WAREHOUSE_COLUMNS
from snowmelt.protocol.bad_rows import InvalidValue
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.schema_key import SchemaKey

PAGE = "iglu:com.acme/page/jsonschema/1-0-0"
CLICK = "iglu:com.acme/click/jsonschema/2-0-0"
RESOLVER = resolver(
    {
        PAGE: thing({"id": {"type": "string"}}, ["id"]),
        CLICK: thing({"count": {"type": "integer"}}),
    }
)
COLLECTED = dt.datetime(2026, 11, 24, 12, 0, 0, 123000, tzinfo=dt.UTC)


def row(**columns):
    found = rows([event(**columns)], RESOLVER)
    assert not found.refused
    (values,) = found.table.to_pylist()
    return values


def test_the_atomic_columns_are_the_events_without_its_json():
    assert ATOMIC_SCHEMA.names == [column.name for column in WAREHOUSE_COLUMNS]
    assert len(ATOMIC_SCHEMA) == 128
    assert [field.name for field in ATOMIC_SCHEMA if not field.nullable] == [
        column.name for column in COLUMNS if column.required
    ]


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("collector_tstamp", "2026-11-24 12:00:00.123", COLLECTED),
        ("dvce_created_tstamp", "2026-11-24 12:00:00", COLLECTED.replace(microsecond=0)),
        ("page_title", "日本 \U0001f600", "日本 \U0001f600"),
        ("domain_sessionidx", "40000", 40000),
        ("txn_id", "-2147483648", -(2**31)),
        ("geo_latitude", "-12.5", -12.5),
        ("se_value", "1.0E-5", 0.00001),
        ("tr_total", "1234567890123456.78", Decimal("1234567890123456.78")),
        ("tr_total", "10", Decimal("10.00")),
        ("ti_price", "1.005", Decimal("1.01")),
        ("ti_price", "-1.005", Decimal("-1.01")),
        ("ti_price", "1E-10", Decimal("0.00")),
        ("br_cookies", "1", True),
        ("br_features_pdf", "0", False),
        ("app_id", None, None),
    ],
)
def test_a_text_becomes_a_value(column, text, value):
    assert row(**{column: text})[column] == value


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("collector_tstamp", "yesterday"),
        ("collector_tstamp", None),
        ("etl_tstamp", "2026-02-30 00:00:00.000"),
        ("event_id", "1"),
        ("event_id", None),
        ("v_etl", None),
        ("domain_sessionidx", "2147483648"),
        ("domain_sessionidx", "1.0"),
        ("geo_latitude", "north"),
        ("tr_total", "12345678901234567.00"),
        ("tr_total", "much"),
        ("br_cookies", "true"),
        ("contexts", "{"),
        ("contexts", "[]"),
        ("contexts", json.dumps(sdj(CONTEXTS, {}))),
        ("contexts", json.dumps(sdj(CONTEXTS, [{"schema": "x", "data": 1}]))),
        ("unstruct_event", json.dumps(sdj(UNSTRUCT, []))),
        ("derived_contexts", json.dumps({"schema": CONTEXTS})),
    ],
)
def test_a_text_that_is_no_value_refuses_its_event_and_no_other(column, text):
    events = [event(0), event(1, **{column: text}), event(2)]
    found = rows(events, RESOLVER)
    assert found.table["event_id"].to_pylist() == [events[0]["event_id"], events[2]["event_id"]]
    ((place, (reason,)),) = found.refused.items()
    assert place == 1
    assert isinstance(reason, InvalidValue)
    assert (reason.key, reason.value) == (column, text or "")


def test_every_reason_is_told():
    found = rows([event(txn_id="x", se_value="y", contexts="[")], RESOLVER)
    assert [reason.key for reason in found.refused[0]] == ["txn_id", "se_value", "contexts"]
    assert found.table.num_rows == 0
    assert found.table.schema.names == ATOMIC_SCHEMA.names


def test_entities_of_contexts_and_derived_contexts_come_after_the_atomic_columns():
    page, click = sdj(PAGE, {"id": "a"}), sdj(CLICK, {"count": 3})
    found = rows([event(0), event(1, contexts=[page], derived=[page, click], unstruct=click)], RESOLVER)
    assert found.table.schema.names[128:] == [
        "contexts_com_acme_click_2",
        "contexts_com_acme_page_1",
        "unstruct_event_com_acme_click_2",
    ]
    assert [list(values.values())[128:] for values in found.table.to_pylist()] == [
        [None, None, None],
        [[{"count": 3}], [{"id": "a"}, {"id": "a"}], {"count": 3}],
    ]
    assert found.types == [
        (SchemaKey.parse(CLICK), Entity.CONTEXT),
        (SchemaKey.parse(CLICK), Entity.UNSTRUCT_EVENT),
        (SchemaKey.parse(PAGE), Entity.CONTEXT),
    ]


def test_an_entity_that_does_not_fit_refuses_its_event_and_shapes_nothing():
    found = rows([event(0), event(1, contexts=[sdj(PAGE, {"id": 5})])], RESOLVER)
    assert found.refused == {1: [WrongValue(SchemaKey.parse(PAGE), Misfit(0, 5, Scalar.STRING))]}
    assert (found.types, found.table.schema.names) == ([], ATOMIC_SCHEMA.names)


def test_no_events_are_an_empty_table():
    found = rows([], RESOLVER)
    assert (found.table.num_rows, found.table.schema, found.refused) == (0, ATOMIC_SCHEMA, {})


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), TEXTS, max_size=4), max_size=5))
def test_every_event_is_a_row_or_refused_whatever_its_texts_are(columns):
    found = rows([event(number, **changed) for number, changed in enumerate(columns)], RESOLVER)
    assert found.table.num_rows + len(found.refused) == len(columns)
    assert all(found.refused.values())


def peer_events(shared, name):
    with gzip.open(shared / "fixtures" / "peer" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [EnrichedEvent.from_tsv(line) for case in map(json.loads, lines) for line in case["good"] or ()]


@pytest.mark.parametrize("name", ["enrich_golden", "enrich_golden_edge", "enrich_golden_ua"])
def test_events_of_another_enrich_are_laked_with_every_value(shared, name):
    registries = [FolderRegistry("central", shared / "iglu-central")]
    registries.append(FolderRegistry("added", shared / "fixtures" / "peer" / "added_schemas"))
    events = peer_events(shared, name)
    found = rows(events, Resolver(registries))
    assert not found.refused
    for given_event, laked in zip(events, found.table.to_pylist(), strict=True):
        for column, text in zip(COLUMNS, given_event.fields, strict=True):
            if column.name in laked:
                assert (laked[column.name] is None) == (text is None)
        for column, values in expected_entities(given_event).items():
            assert_holds(laked[column], values)


def expected_entities(given_event):
    """Column -> what the event's JSON texts say is in it."""
    columns = {}
    for name in ("contexts", "derived_contexts"):
        for context in json.loads(given_event[name])["data"] if given_event[name] else ():
            column = entity_column(Entity.CONTEXT, SchemaKey.parse(context["schema"]))
            columns.setdefault(column, []).append(context["data"])
    if given_event["unstruct_event"]:
        inner = json.loads(given_event["unstruct_event"])["data"]
        columns[entity_column(Entity.UNSTRUCT_EVENT, SchemaKey.parse(inner["schema"]))] = inner["data"]
    return columns


def assert_holds(laked, value):
    """The laked value is the JSON's, under column names; what has another form there is at least there."""
    if isinstance(laked, dict):
        for key, inner in value.items():
            if inner is not None and field_name(key) in laked:
                assert_holds(laked[field_name(key)], inner)
    elif isinstance(laked, list):
        for one, other in zip(laked, value, strict=True):
            assert_holds(one, other)
    elif isinstance(laked, str) and not isinstance(value, str):
        assert json.loads(laked) == value
    elif isinstance(laked, str | bool | int | float):
        assert laked == value or json.loads(str(laked)) == value
    else:
        assert laked is not None
