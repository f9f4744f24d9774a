"""The schema files of the product: well made, and the same contracts as the published ones of the same name."""

import base64
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iglu.instances import REMOVED, Change, changes, full, variants

from snowmelt.iglu.registry import FolderRegistry
from snowmelt.iglu.resolver import Schema
from snowmelt.iglu.validation import Compiled, compile_schema
from snowmelt.protocol.json_text import loads
from snowmelt.protocol.schema_key import SchemaKey

ROOT = Path(__file__).parents[2] / "schemas"
FILES = sorted(file for file in ROOT.rglob("*") if file.is_file())
META_SCHEMA = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"

every_file = pytest.mark.parametrize("file", [pytest.param(file, id=str(file.relative_to(ROOT))) for file in FILES])
published = pytest.mark.parametrize(
    "name",
    [str(file.relative_to(ROOT)) for file in FILES if not file.is_relative_to(ROOT / "com.patrickcloud")],
)


def test_every_schema_of_the_captured_requests_is_here():
    captured = Path(__file__).parent / "cases" / "captured.jsonl"
    names = {
        json.loads(line)["schema"].removeprefix("iglu:") for line in captured.read_text(encoding="utf-8").splitlines()
    }
    assert len(names) == 16
    assert names <= {str(file.relative_to(ROOT)) for file in FILES}


# Lint


@every_file
def test_a_file_lies_where_it_says_it_belongs(file):
    schema = json.loads(file.read_text(encoding="utf-8"))
    vendor, name, format_, version = file.relative_to(ROOT).parts
    assert schema["self"] == {"vendor": vendor, "name": name, "format": format_, "version": version}
    assert SchemaKey.parse(f"iglu:{vendor}/{name}/{format_}/{version}") is not None
    assert schema["$schema"] == META_SCHEMA


@every_file
def test_a_file_is_a_schema_of_draft_4(file):
    schema = json.loads(file.read_text(encoding="utf-8"))
    jsonschema_rs.Draft4Validator(schema)
    unknown = {keyword for node in nodes(schema) for keyword in node} - KEYWORDS
    assert unknown == set()


@every_file
def test_everything_is_described_in_a_short_sentence(file):
    schema = json.loads(file.read_text(encoding="utf-8"))
    assert_described(schema["description"], "$")
    for path, described in places(schema, "$"):
        assert_described(described.get("description", ""), path)


@every_file
def test_what_is_required_exists_and_comes_once(file):
    for node in nodes(json.loads(file.read_text(encoding="utf-8"))):
        required = node.get("required", [])
        assert len(set(required)) == len(required)
        assert set(required) <= set(node.get("properties", {}))


@every_file
def test_a_file_is_formatted(file):
    text = file.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert all(len(line) <= 120 and line == line.rstrip() for line in text.splitlines())
    assert "\t" not in text


KEYWORDS = {
    *("$schema", "self", "description", "definitions", "$ref"),
    *("type", "enum", "oneOf", "minimum", "maximum", "minLength", "maxLength", "pattern", "format"),
    *("properties", "required", "additionalProperties", "maxProperties", "items", "minItems"),
}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema inside the schema, itself included."""
    yield schema
    for inner in (
        *schema.get("properties", {}).values(),
        *schema.get("definitions", {}).values(),
        *schema.get("oneOf", []),
    ):
        yield from nodes(inner)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from nodes(schema[keyword])


def places(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property, with its path."""
    for node in nodes(schema):
        for name, inner in node.get("properties", {}).items():
            yield f"{path}…{name}", inner


def assert_described(text: str, path: str) -> None:
    assert text, f"{path} has no description"
    assert text[0].isupper() or text[0].isdigit(), path
    assert text.endswith("."), path
    assert len(text) <= 120, path


# The same instances are accepted and refused


@functools.cache
def judges(name: str, central: Path) -> tuple[jsonschema_rs.Draft4Validator, jsonschema_rs.Draft4Validator]:
    """Our schema and the published one, compiled."""
    name_key = SchemaKey.parse(f"iglu:{name}")
    assert name_key is not None
    compiled = []
    for root in (ROOT, central):
        body = FolderRegistry("", root).lookup(name_key)
        assert body is not None
        compiled.append(compile_schema(Schema.of(name_key, body)))
    ours, theirs = compiled
    assert isinstance(ours, Compiled)
    assert isinstance(theirs, Compiled)
    return ours.exact, theirs.exact


@functools.cache
def material(name: str, central: Path) -> list[tuple[Any, list[Change]]]:
    """Instances with every property and all single changes of them, made from our schema and from the published one."""
    schemas = [json.loads((root / name).read_text(encoding="utf-8")) for root in (ROOT, central / "schemas")]
    return [(full(variant), list(changes(variant))) for schema in schemas for variant in variants(schema)]


def minimal(instance: Any, ours: jsonschema_rs.Draft4Validator) -> Any:
    """The instance without the properties it can do without."""
    for name in list(instance) if isinstance(instance, dict) else []:
        smaller = Change((name,), REMOVED).apply(instance)
        if ours.is_valid(smaller):
            instance = smaller
    return instance


@published
def test_full_and_minimal_instances_are_valid(shared, name):
    ours, theirs = judges(name, shared / "iglu-central")
    for instance, _ in material(name, shared / "iglu-central"):
        assert ours.is_valid(instance), instance
        assert theirs.is_valid(instance), instance
        assert theirs.is_valid(minimal(instance, ours))


@published
def test_every_single_change_gets_the_same_verdict(shared, name):
    ours, theirs = judges(name, shared / "iglu-central")
    verdicts = set()
    for instance, differences in material(name, shared / "iglu-central"):
        for start in (instance, minimal(instance, ours)):
            for difference in differences:
                changed = difference.apply(start)
                verdict = ours.is_valid(changed)
                verdicts.add(verdict)
                assert theirs.is_valid(changed) == verdict, (difference, changed)
    assert verdicts == {True, False}


@published
@settings(max_examples=25)
@given(data=st.data())
def test_several_changes_get_the_same_verdict(shared, name, data):
    ours, theirs = judges(name, shared / "iglu-central")
    instance, differences = data.draw(st.sampled_from(material(name, shared / "iglu-central")))
    for difference in data.draw(st.lists(st.sampled_from(differences), min_size=2, max_size=4)):
        instance = difference.apply(instance)
    assert ours.is_valid(instance) == theirs.is_valid(instance)


def test_what_trackers_sent_gets_the_same_verdict(shared):
    counted = 0
    for name, instance in sent(shared):
        if (shared / "iglu-central" / "schemas" / name).is_file():
            ours, theirs = judges(name, shared / "iglu-central")
            assert ours.is_valid(instance)
            assert theirs.is_valid(instance)
            counted += 1
    assert counted > 400


def sent(shared: Path) -> Iterator[tuple[str, Any]]:
    """Schema and data of all self-describing JSON in the captured requests."""
    for capture in ("js-tracker-capture.jsonl", "server-trackers-capture.jsonl"):
        for line in (shared / "fixtures" / capture).read_text(encoding="utf-8").splitlines():
            request = json.loads(line)
            if request["method"] == "POST" and request["body"]:
                yield from inside(loads(request["body"]))


def inside(document: Any) -> Iterator[tuple[str, Any]]:
    """A self-describing JSON and those in it: as values, and as tracker parameters in text or base64."""
    yield document["schema"].removeprefix("iglu:"), document["data"]
    for item in document["data"] if isinstance(document["data"], list) else [document["data"]]:
        if "schema" in item:
            yield from inside(item)
        for parameter in {"co", "ue_pr"} & set(item):
            yield from inside(loads(item[parameter]))
        for parameter in {"cx", "ue_px"} & set(item):
            yield from inside(loads(base64.urlsafe_b64decode(item[parameter] + "==")))
