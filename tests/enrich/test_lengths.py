import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import lengths
from snowmelt.protocol.atomic import COLUMNS
from snowmelt.protocol.enriched import EnrichedEvent

TEXTS = st.builds(
    lambda text, times: text * times, st.text("aé€🎉", max_size=3), st.sampled_from([1, 9, 63, 128, 2048])
)


@given(st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), TEXTS))
def test_as_many_units_are_counted_as_the_jvm_counts(columns):
    """Beside the plain count, without the look at half the limit that comes before it."""
    said = lengths.too_long(EnrichedEvent.of(columns).fields)
    assert [sentence.split()[1] for sentence in said] == [
        column.name
        for column in COLUMNS
        if column.max_length is not None
        and len(columns.get(column.name, "").encode("utf-16-le")) // 2 > column.max_length
    ]


@pytest.mark.parametrize(
    ("columns", "too_long"),
    [
        ({}, []),
        ({"app_id": "a" * 255, "event_id": "e" * 36, "page_url": "u" * 4096}, []),
        ({"app_id": "a" * 256}, ["app_id"]),
        ({"app_id": "é" * 255}, []),
        ({"app_id": "é" * 256}, ["app_id"]),
        ({"app_id": "🎉" * 127}, []),
        ({"app_id": "🎉" * 128}, ["app_id"]),
        ({"user_id": "u" * 256, "app_id": "a" * 256, "mkt_clickid": "c" * 129}, ["app_id", "user_id", "mkt_clickid"]),
        ({"contexts": "c" * 100_000}, []),
    ],
)
def test_texts_beyond_their_column_are_told_in_wire_order(columns, too_long):
    said = lengths.too_long(EnrichedEvent.of(columns).fields)
    assert [sentence.split()[1] for sentence in said] == too_long
