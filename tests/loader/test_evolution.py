import pyarrow as pa
import pytest

from snowmelt.loader.evolution import Addition, ColumnConflictError, additions

TEXT, WHOLE, LONG = pa.string(), pa.int32(), pa.int64()


def struct(**fields):
    return pa.struct(fields)


@pytest.mark.parametrize(
    ("have", "want", "added"),
    [
        ({"a": TEXT}, {"a": TEXT}, []),
        ({"a": TEXT}, {}, []),
        ({}, {"b": WHOLE, "a": TEXT}, [(("b",), WHOLE), (("a",), TEXT)]),
        ({"s": struct(x=TEXT)}, {"s": struct(y=WHOLE)}, [(("s", "y"), WHOLE)]),
        ({"s": struct(x=TEXT, y=WHOLE)}, {"s": struct(y=WHOLE)}, []),
        ({"l": pa.list_(struct(x=TEXT))}, {"l": pa.list_(struct(x=TEXT, y=LONG))}, [(("l", "element", "y"), LONG)]),
        (
            {"s": struct(l=pa.list_(pa.list_(struct(x=TEXT))))},
            {"s": struct(l=pa.list_(pa.list_(struct(z=struct(q=TEXT)))))},
            [(("s", "l", "element", "element", "z"), struct(q=TEXT))],
        ),
        ({"t": pa.timestamp("us")}, {"t": pa.timestamp("us", "UTC")}, []),
        ({"n": LONG}, {"n": WHOLE}, []),
        ({"j": TEXT}, {"j": pa.json_()}, []),
        ({"d": pa.decimal128(9, 2)}, {"d": pa.decimal128(9, 2)}, []),
    ],
    ids=str,
)
def test_what_is_added(have, want, added):
    found = additions(pa.schema(list(have.items())), pa.schema(list(want.items())))
    assert found == [Addition(path, kind) for path, kind in added]


@pytest.mark.parametrize(
    ("have", "want"),
    [
        (WHOLE, LONG),
        (TEXT, WHOLE),
        (WHOLE, pa.float64()),
        (TEXT, struct(a=TEXT)),
        (struct(a=TEXT), TEXT),
        (struct(a=TEXT), pa.list_(struct(a=TEXT))),
        (pa.list_(TEXT), pa.list_(WHOLE)),
        (pa.decimal128(9, 2), pa.decimal128(18, 2)),
        (pa.date32(), pa.timestamp("us", "UTC")),
        (pa.timestamp("us"), pa.timestamp("ns", "UTC")),
    ],
    ids=str,
)
def test_nothing_is_narrowed_or_changed(have, want):
    with pytest.raises(ColumnConflictError, match=r"outer\.inner"):
        additions(pa.schema([("outer", struct(inner=have))]), pa.schema([("outer", struct(inner=want))]))
