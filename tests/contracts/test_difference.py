"""What a change means for columns, in the very words of the lake's own types, and what version follows from it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.contracts.files import TEXT, WHOLE, keyed, schema
from tests.lake.doubles import event, resolver, sdj

from snowmelt.contracts.difference import ColumnChange, Difference, FieldChange, difference
from snowmelt.iglu.compatibility import Bump
from snowmelt.lake.rows import rows
from snowmelt.lake.writer import parquet

PAGE_1 = ("contexts_com_acme_page_1", "unstruct_event_com_acme_page_1")
PAGE_2 = ("contexts_com_acme_page_2", "unstruct_event_com_acme_page_2")


def between(
    before: dict[str, Any], after: dict[str, Any], version: str = "1-0-1", required: tuple[str, ...] = ()
) -> Difference:
    old = schema("com.acme/page/1-0-0", before, **({"required": list(required)} if required else {}))
    return difference(keyed(old), keyed(schema(f"com.acme/page/{version}", after)))


def test_nothing_is_nothing() -> None:
    found = between({"id": TEXT}, {"id": TEXT})
    assert (found.facts, found.columns, found.needed, found.is_right) == ((), (), None, True)


def test_a_new_field_is_added_to_the_column() -> None:
    found = between({"id": TEXT}, {"id": TEXT, "unitPrice": WHOLE})
    assert found.needed is found.declared is Bump.ADDITION
    assert found.columns == (ColumnChange(PAGE_1, False, (FieldChange("unit_price", None, "integer, nullable"),)),)


def test_a_description_changes_no_column() -> None:
    found = between({"id": TEXT}, {"id": {**TEXT, "description": "Better said."}})
    assert (found.columns, found.needed, found.is_right) == ((), Bump.ADDITION, True)


def test_what_is_no_longer_required_may_be_null() -> None:
    found = between({"id": TEXT}, {"id": TEXT}, required=("id",))
    assert found.columns == (ColumnChange(PAGE_1, False, (FieldChange("id", "string", "string, nullable"),)),)
    assert found.needed is Bump.ADDITION


def test_another_type_needs_a_column_of_its_own() -> None:
    """Though every whole number is a number: a stored column does not become wider."""
    price = {"description": "-", "type": "number"}
    found = between({"price": WHOLE}, {"price": price})
    assert (found.needed, found.is_right) == (Bump.MODEL, False)
    assert str(found.facts[0]) == "$ makes price double in the warehouse, where its column has integer"
    (column,) = found.columns
    assert column.is_new
    assert column.names[0].startswith("contexts_com_acme_page_1_recovered_1_0_1_")
    assert column.names[1].startswith("unstruct_event_com_acme_page_1_recovered_1_0_1_")
    assert column.fields == (FieldChange("price", None, "double, nullable"),)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"type": "object"}, {"type": "object", "properties": {"a": TEXT}}, "makes id object in the warehouse"),
        ({"type": "object", "properties": {"a": TEXT}}, {"type": "object"}, "where its column has object"),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": WHOLE}, "makes id array of integer"),
        ({"type": "array", "items": TEXT}, TEXT, "makes id string in the warehouse, where its column has array of"),
        (
            {"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}},
            {"type": "array", "items": {"type": "object", "properties": {"a": WHOLE}}},
            "makes id[].a integer in the warehouse, where its column has string",
        ),
    ],
)
def test_it_is_said_which_part_does_not_fit(before: dict[str, Any], after: dict[str, Any], said: str) -> None:
    found = between({"id": before}, {"id": after})
    assert any(said in str(fact) and fact.bump is Bump.MODEL for fact in found.facts), found.facts


def test_another_model_is_another_column() -> None:
    found = between({"id": TEXT}, {"id": WHOLE}, version="2-0-0")
    assert (found.needed, found.declared, found.is_right) == (Bump.MODEL, Bump.MODEL, True)
    assert found.columns == (ColumnChange(PAGE_2, True, (FieldChange("id", None, "integer, nullable"),)),)


@pytest.mark.parametrize(("version", "right"), [("1-0-1", False), ("1-1-0", True), ("2-0-0", True), ("1-0-0", False)])
def test_a_version_may_rise_by_more_than_it_has_to(version: str, right: bool) -> None:
    found = between({"id": TEXT}, {"id": {**TEXT, "maxLength": 5}}, version)
    assert (found.needed, found.is_right) == (Bump.REVISION, right)


def test_a_change_without_effect_is_one_all_the_same() -> None:
    old = schema("com.acme/page/1-0-0")
    found = difference(keyed(old), keyed(schema("com.acme/page/1-0-1", examples=[])))
    assert (found.needed, found.columns) == (Bump.ADDITION, ())


def test_a_column_is_what_the_lake_makes_of_both(tmp_path: Path) -> None:
    """The fields said to be there are those in the Parquet of an event of each version."""
    old = schema("com.acme/page/1-0-0", {"id": TEXT, "at": {"type": "object", "properties": {"lat": WHOLE}}})
    new = schema(
        "com.acme/page/1-0-1",
        {
            "id": TEXT,
            "at": {"type": "object", "properties": {"lat": WHOLE, "lng": WHOLE}},
            "tags": {"type": "array", "items": {"type": "object", "properties": {"t": TEXT}}},
        },
    )
    (column,) = difference(keyed(old), keyed(new)).columns
    uris = {keyed(body)[0].uri: body for body in (old, new)}
    events = [event(number, contexts=[sdj(uri, {"id": "a"})]) for number, uri in enumerate(uris)]
    schema_found = pq.read_schema(BytesIO(parquet(rows(events, resolver(uris)).table)))
    kind = schema_found.field(column.names[0]).type.value_type
    assert [change.field for change in column.fields] == ["at.lng", "tags[].t"]
    assert kind.field("at").type.get_field_index("lng") >= 0
    assert kind.field("tags").type.value_type.get_field_index("t") >= 0
