import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.protocol.bad_rows.limits import cut


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        (None, 3, None),
        ("", 3, ""),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("😀😀😀", 3, "😀😀😀"),
        ("😀😀😀😀", 3, "😀😀…"),
    ],
)
def test_a_text_is_cut_where_it_is_too_long(text, limit, shown):
    assert cut(text, limit) == shown


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(1, 20))
def test_a_cut_text_fits_and_begins_like_the_whole(text, limit):
    shown = cut(text, limit)
    assert len(shown) <= limit
    assert text.startswith(shown.removesuffix("…"))
    assert (shown == text) is (len(text) <= limit or text == shown)
