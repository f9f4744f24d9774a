import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey, SchemaVer, has_uri_shape

PARTS = st.integers(0, 2**31 - 1)
VERSIONS = st.builds(SchemaVer, st.integers(1, 2**31 - 1), PARTS, PARTS)
NAMES = st.text("abcXYZ019_-", min_size=1, max_size=12)
KEYS = st.builds(SchemaKey, st.text("abcXYZ019_-.", min_size=1, max_size=12), NAMES, NAMES, VERSIONS)


@pytest.mark.parametrize("text", ["1-0-0", "12-34-56", "2147483647-0-2147483647"])
def test_a_version_is_read_as_it_is_written(text):
    assert str(SchemaVer.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "1",
            "1-0",
            "1-0-0-0",
            "0-0-0",
            "01-0-0",
            "1-00-0",
            "1-0-0 ",
            "1-0-0\n",
            "1-0-*",
            "a-0-0",
            "-1-0-0",
            "١-0-0",
        ),
        *("2147483648-0-0", "1-0-99999999999999999999"),
    ],
)
def test_what_is_no_version(text):
    assert SchemaVer.parse(text) is None


def test_versions_are_ordered_by_number():
    texts = ["1-0-2", "1-0-10", "1-1-0", "2-0-0", "10-0-0"]
    assert [str(version) for version in sorted(map(SchemaVer.parse, reversed(texts)))] == texts


@settings(deadline=None)
@given(KEYS)
def test_a_key_is_read_as_it_is_written(key):
    assert SchemaKey.parse(key.uri) == key
    assert key.uri == f"iglu:{key.path}"
    assert has_uri_shape(key.uri)


@pytest.mark.parametrize(
    ("uri", "only_version_wrong"),
    [
        ("iglu:com.acme/click/jsonschema/0-0-0", True),
        ("iglu:com.acme/click/jsonschema/1-01-0", True),
        ("iglu:com.acme/click/jsonschema/--", True),
        ("iglu:com.acme/click/jsonschema/1-0-99999999999", True),
        ("iglu:com.acme/click/jsonschema/1-0", False),
        ("iglu:com.acme/click/jsonschema/1-0-*", False),
        ("iglu:com.acme/click/jsonschema", False),
        ("iglu:com.acme/cl.ick/jsonschema/1-0-0", False),
        ("iglu:com acme/click/jsonschema/1-0-0", False),
        ("iglu:com.acme/click/jsonschema/1-0-0\n", False),
        ("iglu:com.ácme/click/jsonschema/1-0-0", False),
        ("http://iglucentral.com/schemas/com.acme/click/jsonschema/1-0-0", False),
        ("", False),
    ],
)
def test_what_is_no_uri(uri, only_version_wrong):
    assert SchemaKey.parse(uri) is None
    assert has_uri_shape(uri) is only_version_wrong


@pytest.mark.parametrize(
    ("criterion", "version", "matches"),
    [
        ("1-0-*", "1-0-7", True),
        ("1-0-*", "1-1-0", False),
        ("1-*-*", "1-9-9", True),
        ("1-*-*", "2-0-0", False),
        ("*-*-*", "5-4-3", True),
        ("1-*-3", "1-8-3", True),
        ("1-*-3", "1-8-4", False),
        ("1-0-0", "1-0-0", True),
    ],
)
def test_a_criterion_matches_versions(criterion, version, matches):
    text = f"iglu:com.acme/click/jsonschema/{criterion}"
    parsed = SchemaCriterion.parse(text)
    assert str(parsed) == text
    assert parsed.matches(SchemaKey("com.acme", "click", "jsonschema", SchemaVer.parse(version))) is matches


@pytest.mark.parametrize("changed", [{"vendor": "com.other"}, {"name": "tap"}, {"format": "avro"}])
def test_a_criterion_matches_only_its_names(changed):
    names = {"vendor": "com.acme", "name": "click", "format": "jsonschema"}
    assert not SchemaCriterion(**names).matches(SchemaKey(**names | changed, version=SchemaVer(1, 0, 0)))


@pytest.mark.parametrize("version", ["1-0", "?-0-0", "0-0-0", "*", "1-0-9999999999", "1-0-0-*"])
def test_what_is_no_criterion(version):
    assert SchemaCriterion.parse(f"iglu:com.acme/click/jsonschema/{version}") is None
