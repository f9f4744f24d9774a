import json

import jsonschema_rs
import pytest
from tests.iglu.doubles import key

from snowmelt.iglu.configuration import ResolverConfigError, read, read_file, registries
from snowmelt.iglu.http_registry import HttpRegistry
from snowmelt.iglu.registry import FolderRegistry

FOLDER = {"embedded": {"path": "folder"}}


def repository(**changes):
    return {"name": "ours", "priority": 1, "vendorPrefixes": ["com.acme"], "connection": FOLDER, **changes}


def document(version="1-0-3", **changes):
    data = {"cacheSize": 500, "repositories": [repository()], **changes}
    return {"schema": f"iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/{version}", "data": data}


@pytest.mark.parametrize("version", ["1-0-0", "1-0-1", "1-0-2", "1-0-3"])
def test_every_version_is_read(version, tmp_path):
    (tmp_path / "folder").mkdir()
    settings = read(document(version))
    assert (settings.cache_size, settings.cache_ttl) == (500, None)
    assert registries(settings, tmp_path) == [FolderRegistry("ours", tmp_path / "folder", 1, ("com.acme",))]


def test_a_path_may_be_absolute(tmp_path):
    (tmp_path / "other").mkdir()
    connection = {"embedded": {"path": str(tmp_path / "other")}}
    settings = read(document(repositories=[repository(connection=connection)]))
    assert registries(settings, tmp_path / "nowhere")[0].root == tmp_path / "other"


@pytest.mark.parametrize("ttl", [0, 600, None])
def test_the_ttl_is_in_seconds_or_null(ttl):
    assert read(document(cacheTtl=ttl)).cache_ttl == ttl


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({}, "the resolver configuration is not self-describing JSON of"),
        ([], "the resolver configuration is not self-describing JSON of"),
        (document("2-0-0"), "resolver-config/jsonschema/1-0-*"),
        (document("1-1-0"), "resolver-config/jsonschema/1-0-*"),
        (document(cacheSize=-1), "Expected `int` >= 0 - at `$.cacheSize`"),
        (document(cacheSize="many"), "Expected `int`, got `str` - at `$.cacheSize`"),
        (document(cacheTtl=-1), "Expected `int` >= 0 - at `$.cacheTtl`"),
        (document(cachesize=1), "unknown field `cachesize`"),
        (document(repositories={}), "Expected `array`, got `object` - at `$.repositories`"),
        (document(repositories=[{}]), "missing required field `name` - at `$.repositories[0]`"),
        (document(repositories=[repository(vendorPrefixes="com.acme")]), "at `$.repositories[0].vendorPrefixes`"),
        (document(repositories=[repository(connection={"ftp": {}})]), "unknown field `ftp`"),
    ],
)
def test_anything_else_is_refused_with_its_place(value, reason):
    with pytest.raises(ResolverConfigError) as refusal:
        read(value)
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("connection", "reason"),
    [
        ({"http": {"uri": "ftp://iglu.example"}}, "'ours' cannot be asked: ftp://iglu.example is not an http or https"),
        ({"http": {"uri": "iglu.example"}}, "'ours' cannot be asked: iglu.example is not an http or https URI"),
        ({"http": {"uri": "http://:x"}}, "'ours' cannot be asked: http://:x is not a URI"),
        ({"http": {"uri": "https://me:secret@iglu.example"}}, "its URI holds more than scheme, host, port and path"),
        ({"http": {"uri": "https://iglu.example?k=secret"}}, "its URI holds more than scheme, host, port and path"),
        (
            {"http": {"uri": "https://iglu.example", "apikey": "se\ncret"}},
            "its apikey is no UUID, and a registry's keys are UUIDs",
        ),
        ({}, "'ours' needs a connection, either embedded or http"),
        ({"http": {"uri": "https://iglu.example"}, **FOLDER}, "'ours' needs a connection, either embedded or http"),
        ({"embedded": {"path": "nowhere"}}, "which is not a folder"),
    ],
)
def test_a_connection_that_cannot_be_used_is_refused(tmp_path, connection, reason):
    (tmp_path / "folder").mkdir()
    settings = read(document(repositories=[repository(connection=connection)]))
    with pytest.raises(ResolverConfigError) as refusal:
        registries(settings, tmp_path)
    assert reason in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_registry_is_reached_over_http(tmp_path):
    connection = {"http": {"uri": "https://iglu.example/api/", "apikey": "e6bd6f3a-0e4c-4a6e-9d8f-2f6f3c1f5a11"}}
    (registry,) = registries(read(document(repositories=[repository(connection=connection)])), tmp_path)
    assert isinstance(registry, HttpRegistry)
    assert (registry.name, registry.priority, registry.vendor_prefixes) == ("ours", 1, ("com.acme",))


def test_the_example_is_a_folder_before_a_registry(root):
    file = root / "include" / "iglu" / "resolver.json"
    configuration = read_file(file)
    folder, registry = registries(read(configuration), file.parent)
    assert folder.lookup(key("com.patrickcloud/sample_input/1-0-0")) is not None
    assert isinstance(registry, HttpRegistry)
    schema = json.loads((root / "schemas/com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3").read_bytes())
    rules = {name: value for name, value in schema.items() if name != "$schema"}
    jsonschema_rs.Draft4Validator(rules).validate(configuration["data"])


def test_names_tell_registries_apart(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ResolverConfigError, match="two repositories are called 'ours'"):
        registries(read(document(repositories=[repository(), repository(priority=2)])), tmp_path)


def test_a_file_that_is_missing_or_no_json_is_refused(tmp_path):
    with pytest.raises(ResolverConfigError, match=r"resolver\.json cannot be read: No such file"):
        read_file(tmp_path / "resolver.json")
    (tmp_path / "resolver.json").write_text("cacheSize = 500")
    with pytest.raises(ResolverConfigError, match=r"resolver\.json is not JSON: "):
        read_file(tmp_path / "resolver.json")
