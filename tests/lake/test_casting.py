import datetime as dt
from decimal import Decimal as Number

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.lake.casting import Misfit, cast, cast_present
from snowmelt.lake.typing import Array, Decimal, Field, Scalar, Struct, arrow_type
from snowmelt.protocol.json_text import JsonNumber, dumps, loads


def optional(name, kind, *keys):
    return Field(name, kind, True, keys or (name,))


def required(name, kind):
    return Field(name, kind, False, (name,))


MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (Scalar.STRING, "é", "é"),
        (Scalar.STRING, "a\x00b", "a\x00b"),
        (Scalar.BOOLEAN, True, True),
        (Scalar.INTEGER, 2**31 - 1, 2**31 - 1),
        (Scalar.LONG, -(2**63), -(2**63)),
        (Scalar.DOUBLE, Number("1.5"), 1.5),
        (Scalar.DOUBLE, 3, 3.0),
        (Scalar.DOUBLE, JsonNumber("1E+2"), 100.0),
        (Decimal(9, 2), Number("1.5"), Number("1.50")),
        (Decimal(9, 2), 7, Number("7.00")),
        (Decimal(38, 0), 10**37, Number(10**37)),
        (Scalar.DATE, "2026-01-31", dt.date(2026, 1, 31)),
        (Scalar.TIMESTAMP, "2026-01-01T00:00:00Z", MOMENT),
        (Scalar.TIMESTAMP, "2026-01-01 02:00:00.000+02:00", MOMENT),
        (Scalar.TIMESTAMP, "2026-01-01t00:00:00z", MOMENT),
        (Scalar.JSON, {"b": [Number("1.10"), None]}, '{"b":[1.10,null]}'),
        (Scalar.JSON, "x", '"x"'),
    ],
    ids=str,
)
def test_a_value_that_fits(kind, value, stored):
    array, misfits = cast([None, value], kind)
    assert misfits == []
    assert array.type == arrow_type(kind)
    assert array.to_pylist() == [None, stored]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Scalar.STRING, 1),
        (Scalar.STRING, {}),
        (Scalar.BOOLEAN, 1),
        (Scalar.BOOLEAN, "true"),
        (Scalar.INTEGER, True),
        (Scalar.INTEGER, 2**31),
        (Scalar.INTEGER, Number("5.0")),
        (Scalar.LONG, 2**63),
        (Scalar.LONG, Number("1.5")),
        (Scalar.DOUBLE, "1"),
        (Scalar.DOUBLE, True),
        (Scalar.DOUBLE, 10**400),
        (Decimal(9, 2), Number("1.555")),
        (Decimal(9, 2), 10**8),
        (Decimal(9, 2), "1"),
        (Scalar.DATE, "2026-02-30"),
        (Scalar.DATE, "20260101"),
        (Scalar.TIMESTAMP, "2026-01-01T00:00:00"),
        (Scalar.TIMESTAMP, "2026-01-01"),
        (Scalar.TIMESTAMP, 1767225600),
        (Array(Scalar.STRING, nullable=True), "x"),
        (Struct((optional("a", Scalar.STRING),)), [1]),
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_reported_and_spoils_no_other(kind, value):
    array, misfits = cast([None, value, None], kind)
    assert misfits == [Misfit(1, value, kind)]
    assert array.to_pylist() == [None, None, None]


def test_structs_take_their_fields_by_key_and_leave_out_the_rest():
    kind = Struct((optional("some_key", Scalar.STRING, "someKey"), optional("when", Scalar.DATE)))
    array, misfits = cast([{"someKey": "a", "when": "2026-01-01", "other": 1}, None, {}], kind)
    assert misfits == []
    assert array.to_pylist() == [
        {"some_key": "a", "when": dt.date(2026, 1, 1)},
        None,
        {"some_key": None, "when": None},
    ]


def test_colliding_keys_fill_one_field_with_the_first_that_is_there():
    kind = Struct((optional("a_b", Scalar.LONG, "aB", "a_b"),))
    array, _ = cast([{"a_b": 2}, {"aB": 1, "a_b": 2}, {"aB": None, "a_b": 3}], kind)
    assert [thing["a_b"] for thing in array.to_pylist()] == [2, 1, 3]


def test_a_required_field_is_required_where_its_object_is_there():
    kind = Struct((required("text", Scalar.STRING), required("number", Scalar.LONG), required("any", Scalar.JSON)))
    whole = {"text": "a", "number": 1, "any": None}
    _, misfits = cast([whole, None, {**whole, "text": None}, {"text": "b", "any": 1}], kind)
    assert sorted(misfits, key=lambda misfit: misfit.index) == [
        Misfit(2, None, Scalar.STRING),
        Misfit(3, None, Scalar.LONG),
    ]
    array, misfits = cast([whole], kind)
    assert (array.to_pylist(), misfits) == ([{**whole, "any": "null"}], [])


def test_the_place_of_a_misfit_deep_inside_is_that_of_the_value_it_is_in():
    inner = Struct((optional("a", Array(Scalar.LONG, nullable=False)),))
    kind = Array(inner, nullable=False)
    values = [[{"a": [1]}], [], None, [{"a": [2, 3]}, {"a": [4, "x"]}], [None]]
    array, misfits = cast(values, kind)
    assert misfits == [Misfit(3, "x", Scalar.LONG), Misfit(4, None, inner)]
    assert array.to_pylist()[0] == [{"a": [1]}]


def test_nulls_are_misfits_only_where_there_is_an_owner():
    _, misfits = cast_present([None, None, "a"], Scalar.STRING, False, [object(), None, object()])
    assert misfits == [Misfit(0, None, Scalar.STRING)]


def typed(depth):
    """Types with JSON values that fit them, as hypothesis draws them."""
    leaves = st.sampled_from(
        [
            (Scalar.STRING, st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
            (Scalar.BOOLEAN, st.booleans()),
            (Scalar.INTEGER, st.integers(-(2**31), 2**31 - 1)),
            (Scalar.LONG, st.integers(-(2**63), 2**63 - 1)),
            (Scalar.DOUBLE, st.floats(allow_nan=False, allow_infinity=False)),
            (Decimal(9, 2), st.decimals(-9999999, 9999999, places=2)),
            (Scalar.DATE, st.dates().map(str)),
            (Scalar.TIMESTAMP, st.datetimes(timezones=st.just(dt.UTC)).map(dt.datetime.isoformat)),
            (Scalar.JSON, st.lists(st.integers(0, 9), max_size=2)),
        ]
    )
    if depth == 0:
        return leaves

    def listed(inner):
        return Array(inner[0], nullable=True), st.lists(inner[1] | st.none(), max_size=3)

    def structured(inners):
        fields = tuple(optional(f"f{place}", kind) for place, (kind, _) in enumerate(inners))
        return Struct(fields), st.fixed_dictionaries({}, optional={f"f{n}": v for n, (_, v) in enumerate(inners)})

    inner = typed(depth - 1)
    return leaves | inner.map(listed) | st.lists(inner, min_size=1, max_size=3).map(structured)


def pick(kind, value):
    """What a cast value must come back as."""
    if value is None:
        return None
    match kind:
        case Array(element):
            return [pick(element, inner) for inner in value]
        case Struct(fields):
            return {field.name: pick(field.type, value.get(field.name)) for field in fields}
        case Scalar.DATE:
            return dt.date.fromisoformat(value)
        case Scalar.TIMESTAMP:
            return dt.datetime.fromisoformat(value)
        case Scalar.JSON:
            return dumps(value)
        case Scalar.DOUBLE:
            return float(value)
    return value


@settings(max_examples=150)
@given(st.data())
def test_what_fits_comes_back_as_it_was(data):
    kind, values = data.draw(typed(2))
    given_values = data.draw(st.lists(values | st.none(), max_size=6))
    array, misfits = cast(given_values, kind)
    assert misfits == []
    assert array.type == arrow_type(kind)
    assert array.to_pylist() == [pick(kind, value) for value in given_values]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["f0", "f1", "x"]), inner, max_size=3),
    max_leaves=8,
).map(lambda value: loads(dumps(value)))


@settings(max_examples=150)
@given(st.data())
def test_any_value_is_cast_or_reported_and_a_list_is_cast_as_each_value_alone(data):
    kind, _ = data.draw(typed(2))
    values = data.draw(st.lists(ANY_JSON, max_size=5))
    array, misfits = cast(values, kind)
    assert len(array) == len(values)
    bad = {misfit.index for misfit in misfits}
    for place, value in enumerate(values):
        alone, found = cast([value], kind)
        assert (place in bad) == bool(found)
        if not found:
            assert array[place].as_py() == alone[0].as_py()
    if not bad:
        assert isinstance(pa.table({"a": array}).to_pylist(), list)
