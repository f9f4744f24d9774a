import pytest

from snowmelt.enrich import lengths
from snowmelt.protocol.enriched import EnrichedEvent


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
