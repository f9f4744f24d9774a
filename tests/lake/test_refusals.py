import json

import jsonschema_rs
import pytest
from tests.lake.doubles import PROCESSOR, event, resolver, sdj, thing

from snowmelt.lake.columns import Entity
from snowmelt.lake.refusals import refused_event, type_name
from snowmelt.lake.rows import rows
from snowmelt.lake.typing import Array, Decimal, Scalar, Struct
from snowmelt.protocol.enriched import EnrichedEvent

PAGE = "iglu:com.acme/page/jsonschema/1-0-0"
GONE = "iglu:com.acme/gone/jsonschema/1-0-0"
RESOLVER = resolver({PAGE: thing({"id": {"type": "string"}}, ["id"])})

REFUSED = {
    "number": (event(txn_id="x"), "loader_parsing_error"),
    "json": (event(contexts="{"), "loader_parsing_error"),
    "required": (event(v_etl=None), "loader_parsing_error"),
    "unknown schema": (event(contexts=[sdj(GONE, {})]), "loader_iglu_error"),
    "wrong type": (event(unstruct=sdj(PAGE, {"id": 5})), "loader_iglu_error"),
    "missing": (event(contexts=[sdj(PAGE, {})]), "loader_iglu_error"),
    "both": (event(txn_id="x", contexts=[sdj(GONE, {})]), "loader_parsing_error"),
}


def bad_row(refused):
    found = rows([refused], RESOLVER)
    return refused_event(refused, found.refused[0], PROCESSOR)


@pytest.mark.parametrize(("refused", "kind"), REFUSED.values(), ids=REFUSED)
def test_the_bad_row_follows_its_published_schema(refused, kind, shared):
    row = bad_row(refused)
    assert row.kind == kind
    schemas = shared / "iglu-central" / "schemas"
    schema = json.loads((schemas / row.schema.path).read_text(encoding="utf-8"))
    jsonschema_rs.Draft4Validator(schema).validate(json.loads(row.to_json())["data"])


def test_a_parsing_error_names_each_value_and_keeps_the_line():
    refused = event(txn_id="x", page_title="a title")
    data = json.loads(bad_row(refused).to_json())["data"]
    assert data["failure"]["type"] == "RowDecodingError"
    assert [(error["key"], error["value"]) for error in data["failure"]["errors"]] == [("txn_id", "x")]
    assert EnrichedEvent.from_tsv(data["payload"]) == refused


def test_an_iglu_error_names_schema_value_and_type():
    data = json.loads(bad_row(event(contexts=[sdj(PAGE, {"id": 5}), sdj(GONE, {})])).to_json())["data"]
    unknown, wrong = sorted(data["failure"], key=lambda failure: failure["schemaKey"])
    assert unknown["error"]["lookupHistory"][0]["errors"] == [{"error": "NotFound"}]
    assert wrong == {"schemaKey": PAGE, "value": 5, "expected": "string"}
    assert data["payload"]["event_id"] == event()["event_id"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Scalar.LONG, "long"),
        (Decimal(9, 2), "decimal(9,2)"),
        (Array(Scalar.STRING, nullable=True), "array of string"),
        (Struct(()), "object"),
    ],
)
def test_type_name(kind, name):
    assert type_name(kind) == name


def test_entities_are_spelled_as_markers_have_them():
    assert [str(entity) for entity in Entity] == ["CONTEXT", "SELF_DESCRIBING_EVENT"]
