import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.protocol.atomic import COLUMNS
from snowmelt.protocol.enriched import EnrichedEvent, TsvError, clean

FIELDS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cc"]), min_size=1, max_size=8))


@settings(deadline=None, max_examples=50)
@given(st.lists(FIELDS, min_size=131, max_size=131))
def test_an_event_comes_back_from_its_line(fields):
    event = EnrichedEvent(tuple(fields))
    assert EnrichedEvent.from_tsv(event.to_tsv()) == event


def test_recorded_lines_come_back_unchanged(recordings):
    lines = [line for recording in recordings.values() for line in recording.good]
    assert len(lines) > 5
    assert [EnrichedEvent.from_tsv(line).to_tsv() for line in lines] == lines


def test_every_recorded_line_comes_back_unchanged(all_recordings):
    lines = [line for recording in all_recordings for line in recording.good]
    assert len(lines) > 500
    assert [EnrichedEvent.from_tsv(line).to_tsv() for line in lines] == lines


def test_columns_are_found_by_name():
    event = EnrichedEvent.of({"app_id": "shop", "true_tstamp": "2026-11-23 15:09:54.421"})
    assert (event["app_id"], event["platform"], event["true_tstamp"]) == ("shop", None, "2026-11-23 15:09:54.421")
    assert event.fields[0] == "shop"
    assert event.to_tsv() == "shop" + "\t" * 130 + "2026-11-23 15:09:54.421"


def test_an_unknown_column_is_a_bug():
    with pytest.raises(KeyError):
        EnrichedEvent.of({"app": "shop"})
    with pytest.raises(KeyError):
        EnrichedEvent.of({})["app"]


@pytest.mark.parametrize(
    ("line", "count"), [("", None), ("no tabs", None), ("\t" * 129, 130), ("\t" * 131, 132), ("a\tb", 2)]
)
def test_a_line_with_another_number_of_fields_is_refused(line, count):
    with pytest.raises(TsvError) as refused:
        EnrichedEvent.from_tsv(line)
    assert refused.value.field_count == count


@pytest.mark.parametrize("character", ["\t", "\n"])
def test_a_field_that_would_break_the_line_is_a_bug(character):
    with pytest.raises(ValueError, match="tab or a new line"):
        EnrichedEvent.of({"page_title": f"a{character}b"}).to_tsv()


def test_an_event_has_131_fields():
    with pytest.raises(TsvError):
        EnrichedEvent((None,) * 130)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (None, None),
        ("", None),
        ("\x00\r\n\x7f", None),
        ("a\tb", "a    b"),
        ("\t", "    "),
        ("a\r\nb\x00", "ab"),
        (" a ", " a "),
        ("é\x85\u2028東", "é\x85\u2028東"),  # only ASCII control characters go
    ],
)
def test_cleaning(text, cleaned):
    assert clean(text) == cleaned


@settings(deadline=None)
@given(st.text())
def test_what_is_cleaned_stays_and_fits(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned == (re.sub("[\x00-\x1f\x7f]", "", text.replace("\t", "    ")) or None)
    values = {column.name: cleaned for column in COLUMNS}
    assert EnrichedEvent.from_tsv(EnrichedEvent.of(values).to_tsv()) == EnrichedEvent.of(values)
