import pytest
from tests.lake.doubles import thing

from snowmelt.lake.columns import Entity
from snowmelt.lake.merging import merged_columns
from snowmelt.lake.typing import Scalar
from snowmelt.protocol.schema_key import SchemaKey

TEXT, WHOLE, NULLABLE = {"type": "string"}, {"type": "integer"}, {"type": ["string", "null"]}


def columns(*bodies):
    keys = [SchemaKey.parse(f"iglu:com.acme/thing/jsonschema/1-0-{addition}") for addition in range(len(bodies))]
    found = merged_columns(Entity.CONTEXT, list(zip(keys, bodies, strict=True)))
    return [found[key] for key in keys]


def fields(column):
    return {field.name: (field.type, field.nullable) for field in column.type.fields}


def test_all_versions_share_one_column_with_the_fields_of_all():
    first, second, third = columns(
        thing({"a": TEXT, "b": TEXT}, ["a", "b"]),
        thing({"a": TEXT, "c": WHOLE}, ["a", "c"]),
        thing({"a": NULLABLE}, ["a"]),
    )
    assert first == second == third
    assert first.name == "contexts_com_acme_thing_1"
    assert fields(first) == {"a": (Scalar.STRING, True), "b": (Scalar.STRING, True), "c": (Scalar.LONG, True)}


def test_a_field_required_in_every_version_stays_required():
    first, _ = columns(thing({"a": TEXT}, ["a"]), thing({"a": TEXT, "b": TEXT}, ["a"]))
    assert fields(first)["a"] == (Scalar.STRING, False)


@pytest.mark.parametrize(
    "other",
    [TEXT, {"type": "number"}, {"type": "array", "items": WHOLE}, {"type": "integer", "minimum": 0, "maximum": 9}],
)
def test_a_version_of_another_type_gets_its_own_column_and_the_next_joins_again(other):
    first, odd, last = columns(thing({"a": WHOLE}), thing({"a": other}), thing({"a": WHOLE, "b": TEXT}))
    assert first == last
    assert odd.name.startswith("contexts_com_acme_thing_1_recovered_1_0_1_")
    assert fields(last).keys() == {"a", "b"}
    assert fields(odd).keys() == {"a"}


def test_recovered_columns_are_named_by_their_shape():
    one, two = (columns(thing({"a": WHOLE}), thing({"a": TEXT}))[1] for _ in range(2))
    other = columns(thing({"a": WHOLE}), thing({"a": TEXT, "b": TEXT}))[1]
    assert one.name == two.name != other.name


def test_lists_and_structs_inside_merge_too():
    def nested(**inner):
        return thing({"list": {"type": "array", "items": thing(inner)}})

    first, second = columns(nested(a=TEXT), nested(b=WHOLE))
    assert first == second
    inner = first.type.fields[0].type.element
    assert [(field.name, field.nullable) for field in inner.fields] == [("a", True), ("b", True)]


def test_a_schema_that_allows_nothing_has_no_column():
    nothing, something = columns({"type": "object", "additionalProperties": False}, thing({"a": TEXT}))
    assert nothing is None
    assert something is not None
