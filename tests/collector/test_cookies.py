import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.collector import cookies


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"a=b; sp=1", b"a=b; sp=1"),
        (b"a=b;sp=1", b"a=b; sp=1"),
        (b' a = "b" ;;sp=', b"a=b; sp="),
        (b'a={"x": 1}; sp=1', b"sp=1"),
        (b"no pair", b""),
        (b"\xc3\xa9=1", b""),
        (b'a="', b""),
        (b"", b""),
    ],
)
def test_clean(header: bytes, expected: bytes) -> None:
    assert cookies.clean(header) == expected


@pytest.mark.parametrize(
    ("jar", "expected"),
    [
        (b"sp=1", b"1"),
        (b"a=b; sp=1; sp=2", b"1"),
        (b"sp=; a=b", b""),
        (b"xsp=1; sp2=2", None),
        (b"a=sp=1", None),
        (b"", None),
    ],
)
def test_value(jar: bytes, expected: bytes | None) -> None:
    assert cookies.value(jar, b"sp") == expected


@given(st.binary(max_size=60) | st.text('ab=; ",\t', max_size=40).map(str.encode))
def test_cleaning_is_done_once(header: bytes) -> None:
    jar = cookies.clean(header)
    assert cookies.clean(jar) == jar


@given(st.lists(st.tuples(st.sampled_from([b"a", b"sp", b"s.p"]), st.text("ab1-=*/.", max_size=8).map(str.encode))))
def test_the_first_of_a_name_is_found(pairs: list[tuple[bytes, bytes]]) -> None:
    jar = cookies.clean(b";".join(b"%b=%b" % pair for pair in pairs))
    assert cookies.value(jar, b"sp") == next((value for name, value in pairs if name == b"sp"), None)
