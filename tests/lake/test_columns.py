import json
from pathlib import Path

import pytest

from snowmelt.lake.columns import Entity, entity_column, field_name, recovered_column
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

CASES = json.loads((Path(__file__).parent / "cases" / "naming_and_types.json").read_text(encoding="utf-8"))
ENTITIES = {"contexts": Entity.CONTEXT, "unstruct_event": Entity.UNSTRUCT_EVENT}


@pytest.mark.parametrize(("key", "name"), CASES["field_names"])
def test_field_name(key, name):
    assert field_name(key) == name


@pytest.mark.parametrize(
    ("key", "name"), [("connectEnd", "connect_end"), ("über", "_ber"), ("a-b", "a_b"), ("4g", "_4g")]
)
def test_field_name_of_odd_keys(key, name):
    assert field_name(key) == name


@pytest.mark.parametrize(("prefix", "vendor", "name", "model", "column"), CASES["column_names"])
def test_entity_column(prefix, vendor, name, model, column):
    assert entity_column(ENTITIES[prefix], SchemaKey(vendor, name, "jsonschema", SchemaVer(model, 0, 0))) == column


@pytest.mark.parametrize(
    ("vendor", "name", "column"),
    [
        ("org.w3", "PerformanceNavigationTiming", "contexts_org_w3_performance_navigation_timing_2"),
        ("com.Acme-Shop", "HTTPError", "contexts_com_acme_shop_httperror_2"),
        ("com.acme", "a-B.c_D", "contexts_com_acme_a_b_c_d_2"),
    ],
)
def test_entity_column_splits_words_only_where_a_small_letter_ends(vendor, name, column):
    assert entity_column(Entity.CONTEXT, SchemaKey(vendor, name, "jsonschema", SchemaVer(2, 1, 0))) == column


def test_recovered_column_names_the_version():
    key = SchemaKey("com.acme", "thing", "jsonschema", SchemaVer(1, 0, 2))
    assert recovered_column("contexts_com_acme_thing_1", key, "0a1b2c3d") == (
        "contexts_com_acme_thing_1_recovered_1_0_2_0a1b2c3d"
    )
