import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iglu.doubles import key

from snowmelt.iglu.registry import FolderRegistry, RegistryFailure, default_schemas, embedded_registry
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

KEY = key("com.acme/page/1-0-0")


def schema(of: SchemaKey) -> dict[str, object]:
    identity = {"vendor": of.vendor, "name": of.name, "format": of.format, "version": str(of.version)}
    return {"self": identity, "type": "object"}


def publish(folder, of: SchemaKey, text: str | bytes | None = None):
    file = folder.joinpath(*of.path.split("/"))
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(schema(of)) if text is None else text
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize("inner", [".", "schemas"])
def test_a_schema_is_the_file_at_its_path(tmp_path, inner):
    publish(tmp_path / inner, KEY)
    assert FolderRegistry("test", tmp_path).lookup(KEY) == schema(KEY)


def test_what_is_not_there_is_not_found(tmp_path):
    publish(tmp_path, KEY)
    registry = FolderRegistry("test", tmp_path)
    assert registry.lookup(key("com.acme/page/1-0-1")) is None
    assert registry.lookup(key("com.acme/other/1-0-0")) is None
    assert registry.lookup(key(f"{'v' * 5000}/page/1-0-0")) is None
    assert FolderRegistry("nowhere", tmp_path / "nowhere").lookup(KEY) is None


def test_a_folder_or_a_file_in_the_way_is_not_found(tmp_path):
    tmp_path.joinpath(*KEY.path.split("/")).mkdir(parents=True)
    (tmp_path / "com.flat").write_text("{}")
    registry = FolderRegistry("test", tmp_path)
    assert registry.lookup(KEY) is None
    assert registry.lookup(key("com.flat/page/1-0-0")) is None
    assert registry.versions("com.flat", "page", 1) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{not json", "the file of iglu:com.acme/page/jsonschema/1-0-0 is not JSON"),
        ("", "the file of iglu:com.acme/page/jsonschema/1-0-0 is not JSON"),
        (b"\xff\xfe\x00", "the file of iglu:com.acme/page/jsonschema/1-0-0 is not JSON"),
        ("[" * 100_000, "the file of iglu:com.acme/page/jsonschema/1-0-0 is not JSON"),
        ("[]", 'the file of iglu:com.acme/page/jsonschema/1-0-0 does not name itself so in "self"'),
        ("{}", 'the file of iglu:com.acme/page/jsonschema/1-0-0 does not name itself so in "self"'),
        (
            json.dumps(schema(key("com.acme/page/1-0-1"))),
            'the file of iglu:com.acme/page/jsonschema/1-0-0 does not name itself so in "self"',
        ),
    ],
)
def test_a_file_that_holds_no_such_schema_is_a_failure(tmp_path, text, reason):
    publish(tmp_path, KEY, text)
    with pytest.raises(RegistryFailure) as failure:
        FolderRegistry("test", tmp_path).lookup(KEY)
    assert str(failure.value) == reason


def test_a_file_system_that_takes_no_notice_of_case_has_no_schema_of_that_name(tmp_path):
    """Nobody who sends events may stop the pipeline by spelling a name in another way."""
    other = key("com.acme/PAGE/1-0-0")
    publish(tmp_path, other, json.dumps(schema(KEY)))
    assert FolderRegistry("test", tmp_path).lookup(other) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a link to itself needs a POSIX file system")
def test_a_file_that_cannot_be_read_is_a_failure(tmp_path):
    file = publish(tmp_path, KEY)
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(RegistryFailure, match="cannot be read"):
        FolderRegistry("test", tmp_path).lookup(KEY)


def test_versions_are_those_of_the_model(tmp_path):
    for version in ("1-0-0", "1-0-1", "1-1-0", "2-0-0"):
        publish(tmp_path, key(f"com.acme/page/{version}"))
    for stray in ("README", "1-0", "01-0-0", "1-0-0.json", ".1-0-2"):
        tmp_path.joinpath("com.acme", "page", "jsonschema", stray).write_text("")
    registry = FolderRegistry("test", tmp_path)
    assert sorted(registry.versions("com.acme", "page", 1)) == [
        SchemaVer(1, 0, 0),
        SchemaVer(1, 0, 1),
        SchemaVer(1, 1, 0),
    ]
    assert registry.versions("com.acme", "page", 2) == [SchemaVer(2, 0, 0)]
    assert registry.versions("com.acme", "page", 3) == []
    assert registry.versions("com.acme", "other", 1) == []
    assert registry.versions("..", "page", 1) == []


HOSTILE = st.sampled_from(["..", ".", "", "a/b", "/etc", "..\\..", "a\0b", "a\nb", "com.acme/..", "~", "C:", "é"])
NAMES = st.one_of(HOSTILE, st.text(max_size=8), st.just("secret"), st.just("com.acme"))


@given(NAMES, NAMES, NAMES)
def test_no_name_leads_out_of_the_folder(tmp_path_factory, vendor, name, format_):
    """Whatever the names, only a file below the root could be answered with."""
    root = tmp_path_factory.getbasetemp() / "traversal" / "root"
    root.mkdir(parents=True, exist_ok=True)
    found = FolderRegistry("test", root)._folder(vendor, name, format_)
    if found is not None:
        assert found.relative_to(root).parts == (vendor, name, format_)
        assert found.resolve().is_relative_to(root.resolve())


def test_a_secret_beside_the_folder_stays_secret(tmp_path):
    outside = SchemaKey("..", "secret", "jsonschema", SchemaVer(1, 0, 0))
    publish(tmp_path / "root" / "x", outside)
    (tmp_path / "root" / "x").mkdir(exist_ok=True)
    assert (tmp_path / "root" / "x" / ".." / "secret" / "jsonschema" / "1-0-0").is_file()
    assert FolderRegistry("test", tmp_path / "root" / "x").lookup(outside) is None


def test_the_schemas_of_the_product_are_found(root):
    assert default_schemas() == root / "schemas"
    assert embedded_registry().lookup(key("com.snowplowanalytics.snowplow/web_page/1-0-0")) is not None


def test_a_wheel_brings_its_schemas_along(tmp_path, monkeypatch):
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    assert default_schemas() == tmp_path / "schemas"
