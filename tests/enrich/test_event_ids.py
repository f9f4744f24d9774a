from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich.event_ids import event_id

POSITIONS = st.one_of(st.none(), st.text(max_size=20))


def test_the_id_of_a_position_is_always_the_same():
    assert event_id(b"record", "0/00000000000000000012", 0) == "c8b13130-ed10-5688-8eea-da8b564bc355"


@given(st.binary(max_size=20), POSITIONS, st.integers(0, 1000))
def test_ids_are_uuids_of_version_5_and_repeatable(record, position, index):
    made = event_id(record, position, index)
    assert UUID(made).version == 5
    assert made == event_id(record, position, index)


@given(st.binary(max_size=20), POSITIONS, st.integers(0, 1000), st.integers(0, 1000))
def test_each_event_of_a_record_has_its_own(record, position, one, other):
    assert (event_id(record, position, one) == event_id(record, position, other)) == (one == other)


def test_a_position_and_the_record_are_different_seeds():
    assert event_id(b"a", "p", 0) == event_id(b"b", "p", 0) != event_id(b"a", "q", 0)
    assert event_id(b"a", None, 0) != event_id(b"b", None, 0)
