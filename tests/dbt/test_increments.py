"""A full refresh and any sequence of incremental builds give the same tables."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.dbt import warehouse
from tests.dbt.conftest import Dbt
from tests.dbt.warehouse import Run, contents, moment

pytestmark = pytest.mark.slow

FIRST = moment("2026-03-01")
LOADED = moment("2026-03-20")
RUNS = 8


def events(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Three days of visitors whose trackers make every mistake.

    They send again, late and out of order, share ids and views, change cookies, leave out sessions, and without
    fingerprints put copies of one event into two sessions.
    """
    for number in range(60):
        began = FIRST + timedelta(minutes=chance.randrange(3 * 24 * 60))
        session = None if chance.random() < 0.1 else f"session {number}"
        views = [f"view {number}.{index}" for index in range(chance.randint(1, 3))]
        for index in range(chance.randint(1, 8)):
            happened = began + timedelta(seconds=chance.choice((0, 5, 10, 400, 30_000, 90_000, 300_000)) + index)
            name = chance.choice(("page_view", "page_view", "page_ping", "page_ping", "link_click", "sample_input"))
            lay = timedelta(days=chance.choice((0, 0, 0, 0, 1, 4)))
            event = {
                "app_id": chance.choice(("shop", "blog")),
                "event_id": f"event {number}.{chance.choice((index, index, index, 0))}",
                "event_fingerprint": chance.choice((f"print {index}", f"print {index}", None)),
                "event_name": name,
                "collector_tstamp": happened + lay,
                "etl_tstamp": happened + lay + timedelta(seconds=chance.randint(1, 3)),
                "dvce_created_tstamp": chance.choice((happened, happened, None)),
                "dvce_sent_tstamp": happened + lay,
                "derived_tstamp": happened,
                "domain_sessionid": session,
                "domain_userid": chance.choice((f"user {number // 2}", f"user {number // 2}", f"cookie {index}", None)),
                "user_id": chance.choice((None, None, f"name {number}")),
                "page_view": chance.choice((*views, None)),
                "page_url": f"https://shop.example/{index % 3}",
                "mkt_medium": chance.choice((None, "cpc", "email")),
                "useragent": chance.choice((None, "Firefox", "Googlebot/2.1")),
                "pp_yoffset_max": chance.choice((None, -5, 300, 9000)),
            }
            yield event
            for _ in range(chance.choice((0, 0, 0, 1, 2))):
                again = {"collector_tstamp": event["collector_tstamp"] + timedelta(minutes=chance.randint(-1500, 1500))}
                elsewhere = {"domain_sessionid": f"session {chance.randrange(60)}"} if chance.random() < 0.3 else {}
                yield event | again | (elsewhere if event["event_fingerprint"] is None else {})


def runs(chance: random.Random) -> list[Run]:
    """The events in runs, any event in any run: nothing comes in order."""
    parts: list[list[dict[str, Any]]] = [[] for _ in range(RUNS)]
    for event in events(chance):
        chance.choice(parts).append(event)
    chance.shuffle(parts)
    bad_row = {"kind": "schema_violations", "vendor": "com.example", "failure_tstamp": FIRST}
    return [
        Run(f"run {index}", LOADED + timedelta(hours=index), None, tuple(part), ({"bad_row_id": f"{index}"} | bad_row,))
        for index, part in enumerate(parts)
    ]


def sequences(chance: random.Random, found: Sequence[Run]) -> list[list[str]]:
    """Names of runs, released in an order that is not that of loading, cut into builds."""
    order = [run.name for run in found]
    chance.shuffle(order)
    cuts = sorted(chance.sample(range(1, len(order)), 2))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_builds_gives_the_tables_of_a_full_refresh(seed: int, dbt: Dbt, tmp_path: Path):
    chance = random.Random(seed)
    found = runs(chance)
    path = tmp_path / "snowmelt.duckdb"
    warehouse.create(path)
    warehouse.load(path, found)

    for number, names in enumerate(sequences(chance, found)):
        for name in names:
            warehouse.release(path, name, LOADED + timedelta(days=1, hours=number))
        dbt.build(path)
    step_by_step = contents(path)

    dbt.build(path, "--full-refresh")
    at_once = contents(path)

    assert step_by_step.keys() == at_once.keys()
    for model, rows in at_once.items():
        assert rows, f"{model} is empty: the events do not try it"
        assert step_by_step[model] == rows, model


def test_a_build_that_failed_half_way_is_made_good_by_the_next(dbt: Dbt, tmp_path: Path):
    """The index knows of the new runs, the tables of sessions do not: nobody noted that down, and they see it."""
    found = runs(random.Random(4))
    path = tmp_path / "snowmelt.duckdb"
    warehouse.create(path)
    warehouse.load(path, found)
    for run in found[::2]:
        warehouse.release(path, run.name, LOADED + timedelta(days=1))
    dbt.build(path)
    for run in found[1::2]:
        warehouse.release(path, run.name, LOADED + timedelta(days=2))
    dbt.build(path, "--select", "+int_session_index")

    dbt.build(path)
    healed = contents(path)
    dbt.build(path, "--full-refresh")
    assert healed == contents(path)


def test_batches_of_a_day_give_the_tables_of_one_batch(dbt: Dbt, tmp_path: Path):
    """`first_day` only cuts the work: days before it, and days to come by a clock that is ahead, are built as well."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    path = tmp_path / "snowmelt.duckdb"
    warehouse.create(path)
    days = (-400, -3, -2, 0, 5)
    visits = tuple(
        {
            "event_id": f"{day}",
            "collector_tstamp": today + timedelta(days=day, hours=9),
            "domain_sessionid": f"session {day}",
            "domain_userid": "user",
            "page_view": f"view {day}",
        }
        for day in days
    )
    warehouse.load(path, [Run("run", LOADED, LOADED, visits)])
    dbt.build(path)
    in_one = contents(path)

    first_day = f"{today - timedelta(days=3):%Y-%m-%d}"
    dbt.build(path, "--full-refresh", "--vars", f"{{first_day: '{first_day}'}}", parse=True)
    assert contents(path) == in_one
    assert len(in_one["sessions"]) == len(days)
