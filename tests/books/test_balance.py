"""Every count that goes astray unbalances a line, and the line names it."""

from dataclasses import replace

import pytest

from snowmelt.books.balance import Counts, Pending, Sent, lines
from snowmelt.books.models import ModelCounts
from snowmelt.lake.counts import LakeCounts
from snowmelt.loader.counts import WarehouseCounts

COUNTS = Counts(
    sent=Sent(requests=100, events=120),
    logged=100,
    lake=LakeCounts(records=100, bad_records=4, good=115, bad=9),
    warehouse=WarehouseCounts(loaded=115, unchecked=10, released=100, held=5, dropped=0, bad_rows=9),
    models=ModelCounts(staged=90, duplicates=3, in_event_quality=90, not_built=7),
)


def unbalanced(counts: Counts = COUNTS) -> list[str]:
    return [line.name for line in lines(counts) if not line.balanced]


def test_whole_books_balance() -> None:
    assert unbalanced() == []


@pytest.mark.parametrize(
    ("part", "changed", "names"),
    [
        ("sent", {"requests": 101}, ["collected"]),
        ("sent", {"events": 121}, ["extracted"]),
        ("lake", {"records": 99}, ["enriched"]),
        ("lake", {"good": 114}, ["extracted", "loaded"]),
        ("lake", {"bad": 8}, ["extracted", "kept"]),
        ("warehouse", {"loaded": 116}, ["loaded", "staged"]),
        ("warehouse", {"bad_rows": 10}, ["kept"]),
        ("warehouse", {"held": 6}, ["staged"]),
        ("models", {"duplicates": 2}, ["staged"]),
        ("models", {"not_built": 6}, ["staged"]),
        ("models", {"in_event_quality": 89}, ["modelled"]),
    ],
)
def test_a_count_that_is_off_unbalances_its_lines(part: str, changed: dict[str, int], names: list[str]) -> None:
    assert unbalanced(replace(COUNTS, **{part: replace(getattr(COUNTS, part), **changed)})) == names


def test_a_record_missing_from_the_log_unbalances_both_its_lines() -> None:
    assert unbalanced(replace(COUNTS, logged=99)) == ["collected", "enriched"]


def test_dropped_rows_are_accounted_for() -> None:
    assert unbalanced(replace(COUNTS, warehouse=replace(COUNTS.warehouse, loaded=110, held=0, dropped=5))) == []


def test_before_the_first_build_released_rows_wait_for_it() -> None:
    assert unbalanced(replace(COUNTS, models=ModelCounts())) == []


def test_without_a_counting_sender_the_books_begin_at_the_log() -> None:
    assert lines(replace(COUNTS, sent=None))[0].name == "enriched"


SURPLUS = ("from senders that do not count", 3)


def moved(counts: Counts, **changed: int) -> Counts:
    return replace(counts, lake=replace(counts.lake, **changed))


def test_what_others_sent_is_a_term_of_its_own_where_there_are_others() -> None:
    more = replace(moved(COUNTS, records=103, good=118), logged=103)
    more = replace(more, warehouse=replace(more.warehouse, loaded=118, unchecked=13))
    assert unbalanced(more) == ["collected", "extracted"]
    more = replace(more, sent=Sent(requests=100, events=120, others=True))
    assert unbalanced(more) == []
    assert [SURPLUS in line.left for line in lines(more)] == [True, False, True, False, False, False, False]


def test_others_explain_no_loss() -> None:
    assert unbalanced(replace(COUNTS, sent=Sent(requests=101, events=121, others=True))) == ["collected", "extracted"]


def test_what_is_on_its_way_is_a_term_of_its_own() -> None:
    warehouse = replace(COUNTS.warehouse, loaded=105, unchecked=0, bad_rows=7)
    on_its_way = replace(
        COUNTS,
        logged=110,
        sent=Sent(requests=110, events=140),
        warehouse=warehouse,
        pending=Pending(records=10, good=10, bad=2),
    )
    assert unbalanced(on_its_way) == []
    assert [line.name for line in lines(on_its_way)] == [
        *("collected", "enriched", "loaded", "kept", "staged", "modelled"),
    ]  # nobody knows how many events are in what is not enriched yet


@pytest.mark.parametrize(
    ("pending", "names"),
    [(Pending(records=1), ["enriched"]), (Pending(good=1), ["loaded"]), (Pending(bad=1), ["kept"])],
)
def test_what_waits_is_counted_and_no_excuse(pending: Pending, names: list[str]) -> None:
    assert unbalanced(replace(COUNTS, pending=pending)) == names
