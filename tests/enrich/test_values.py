import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import values
from snowmelt.enrich.values import Refused

UUID = "6f771edc-5e26-4608-a3a8-7a20e2d3aa2f"
REFUSED = object()

TABLE = [
    (values.event, "pv", "page_view"),
    (values.event, "ev", "struct"),
    (values.event, "", REFUSED),
    (values.event, "PV", REFUSED),
    (values.platform, "web", "web"),
    (values.platform, "headset", REFUSED),
    (values.platform, "", REFUSED),
    (values.ip_address, "198.51.100.4, 1.1.1.1", "198.51.100.4"),
    (values.ip_address, "198.51.100.4|x", "198.51.100.4"),
    (values.ip_address, "garbage", "garbage"),
    (values.ip_address, "", None),
    (values.ip_address, ",", None),
    (values.uuid, UUID.upper(), UUID),
    (values.uuid, UUID.replace("-", ""), REFUSED),
    (values.uuid, f" {UUID}", REFUSED),
    (values.uuid, f"{UUID}\n", REFUSED),
    (values.uuid, "1-1-1-1-1", REFUSED),
    (values.uuid, "", REFUSED),
    (values.timestamp, "1700000000001", "2023-11-14 22:13:20.001"),
    (values.timestamp, "+1", "1970-01-01 00:00:00.001"),
    (values.timestamp, "-1", "1969-12-31 23:59:59.999"),
    (values.timestamp, "-62167219200000", "0000-01-01 00:00:00.000"),
    (values.timestamp, "-62167219200001", REFUSED),
    (values.timestamp, "253402300799999", "9999-12-31 23:59:59.999"),
    (values.timestamp, "253402300800000", REFUSED),
    (values.timestamp, "9223372036854775808", REFUSED),
    (values.timestamp, "1.7e12", REFUSED),
    (values.timestamp, "null", REFUSED),
    (values.timestamp, "", REFUSED),
    (values.integer, "+7", "7"),
    (values.integer, "007", "7"),
    (values.integer, "-0", "0"),
    (values.integer, "٣", "3"),
    (values.integer, "-2147483648", "-2147483648"),
    (values.integer, "2147483648", REFUSED),
    (values.integer, "NuLL", None),
    (values.integer, "", REFUSED),
    (values.integer, " 5", REFUSED),
    (values.integer, "1_0", REFUSED),
    (values.integer, "1.0", REFUSED),
    (values.integer, "9" * 5000, REFUSED),
    (values.decimal, "1.50", "1.50"),
    (values.decimal, "5.", "5"),
    (values.decimal, ".5", "0.5"),
    (values.decimal, "-0.0", "0.0"),
    (values.decimal, "007", "7"),
    (values.decimal, "1e3", "1000"),
    (values.decimal, "1.50e1", "15.0"),
    (values.decimal, "-0e5", "0"),
    (values.decimal, "0e-7", "0E-7"),
    (values.decimal, "0e-2147483648", REFUSED),
    (values.decimal, "1.5E+3", "1500"),
    (values.decimal, "1E-5", "0.00001"),
    (values.decimal, "0.000001", "0.000001"),
    (values.decimal, "1e-7", "1E-7"),
    (values.decimal, "0.0000001", "1E-7"),
    (values.decimal, "1.20e-10", "1.20E-10"),
    (values.decimal, "1e-400", "1E-400"),
    (values.decimal, "1e1000", "1" + "0" * 1000),
    (values.decimal, "1e1001", REFUSED),
    (values.decimal, "1e1000000", REFUSED),
    (values.decimal, "1e9999999999", REFUSED),
    (values.decimal, "1e-9999999999", REFUSED),
    (values.decimal, "1e99999999999", REFUSED),
    (values.decimal, "12345678901234567890.123456789", "12345678901234567890.123456789"),
    (values.decimal, "null", None),
    (values.decimal, "", REFUSED),
    (values.decimal, "NaN", REFUSED),
    (values.decimal, "Infinity", REFUSED),
    (values.decimal, "1_0", REFUSED),
    (values.decimal, " 1", REFUSED),
    (values.decimal, ".", REFUSED),
    (values.decimal, "1e", REFUSED),
    (values.flag, "1", "1"),
    (values.flag, "0", "0"),
    (values.flag, "true", REFUSED),
    (values.flag, "", REFUSED),
    (values.dimensions, "1920x1080", ("1920", "1080")),
    (values.dimensions, "00x01", ("0", "1")),
    (values.dimensions, "1920x", REFUSED),
    (values.dimensions, "-1x1", REFUSED),
    (values.dimensions, "1920X1080", REFUSED),
    (values.dimensions, "٣x٣", REFUSED),
    (values.dimensions, "2147483648x1", REFUSED),
    (values.dimensions, "1x1\n", REFUSED),
]


@pytest.mark.parametrize(
    ("read", "text", "expected"), TABLE, ids=[f"{read.__name__} {text[:30]!r}" for read, text, _ in TABLE]
)
def test_texts_are_read_by_kind(read, text, expected):
    value = read(text)
    if expected is REFUSED:
        assert isinstance(value, Refused)
        assert value.expectation
    else:
        assert value == expected


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        (UUID.upper(), UUID),
        ("1-1-1-1-1", "00000001-0001-0001-0001-000000000001"),
        ("100000001-10002-3-4-5", "00000001-0002-0003-0004-000000000005"),
        ("abc", None),
        ("", None),
        ("1-1-1-1", None),
        ("1-1-1-1-", None),
        ("1-1-1-1-1-1", None),
        (f"{UUID}0", None),
        ("1-1-1-1-ffffffffffffffff", None),
    ],
)
def test_the_collectors_user_id_is_read_leniently(text, uuid):
    assert values.lenient_uuid(text) == uuid


@given(st.text(alphabet="0123456789+-.eExX_ nul٣é", max_size=40))
def test_no_text_makes_a_reader_fail(text):
    for read in {read for read, _, _ in TABLE}:
        value = read(text)
        assert value is None or isinstance(value, str | tuple | Refused)


WHOLE = re.compile(r"[+-]?\d{1,1000}")
NUMERALS = st.text("0123456789", min_size=1, max_size=12) | st.text("+-05٣² _.", max_size=4)


@given(NUMERALS)
def test_whole_numbers_are_those_of_the_pattern(text):
    """Decimal digits alone are read without it."""
    value = values.integer(text)
    if WHOLE.fullmatch(text) and -(2**31) <= int(text) < 2**31:
        assert value == str(int(text))
    else:
        assert isinstance(value, Refused)


@given(st.tuples(NUMERALS, st.sampled_from(["x", "", "xx", "X"]), NUMERALS).map("".join))
def test_dimensions_are_those_of_the_pattern(text):
    value = values.dimensions(text)
    match = re.fullmatch("([0-9]{1,1000})x([0-9]{1,1000})", text)
    if match and max(map(int, match.groups())) < 2**31:
        assert value == tuple(str(int(side)) for side in match.groups())
    else:
        assert isinstance(value, Refused)
    assert values.dimensions(text) == value  # the second time it is remembered


def test_sides_of_more_digits_than_a_number_may_have_are_none():
    assert values.dimensions(f"1x{'0' * 1000}1") == Refused("does not conform to <width>x<height>")


@given(st.text("1.,| a", max_size=12))
def test_the_first_address_ends_at_any_delimiter(text):
    assert values.ip_address(text) == (re.split("[,| ]", text)[0] or None)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_decimals_keep_their_value(number):
    text = format(number, "f")
    value = values.decimal(text)
    assert type(number)(value) == number
