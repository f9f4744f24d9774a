"""Every stage is killed again and again while it works; each acknowledged event is in the marts exactly once."""

import asyncio
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.e2e.laptop import Laptop

from snowmelt.demo.processes import snowmelt
from snowmelt.simulate.sender import Report, SendError, send
from snowmelt.simulate.tracker import Request, post
from snowmelt.simulate.visitors import identifier

COLLECTOR_KILLS, OTHER_KILLS = 6, 10
REQUESTS = 400
"""Requests a collector gets before it is started anew."""

SMALL_STEPS = {"SNOWMELT_ENRICH_INPUT__MAX_RECORDS": "20", "SNOWMELT_ENRICH_OUTPUT__MAX_EVENTS": "60"}
"""Many run folders, so that there is much to be killed in."""


@pytest.mark.slow
def test_killed_stages_lose_nothing_and_double_nothing(
    laptop: Callable[[str], Laptop], crash_row: Callable[..., None]
) -> None:
    made, random = laptop("UTC"), Random(20261124)
    acknowledged: set[str] = set()
    for _ in range(COLLECTOR_KILLS):
        acknowledged |= collect_until_killed(made, random, random.randrange(50, REQUESTS - 50))
    enriches = loads = 0
    for _ in range(OTHER_KILLS):
        enriches += enrich_until_killed(made, random.randrange(1, 8))
        loads += load_until_killed(made, random.randrange(1, 5))
    made.run("enrich", "--once")
    made.chain("load_events", "check_events", "build_models")

    copies = {str(event_id): int(rows) for event_id, rows in made.query(EVENTS)}
    views = {str(event_id): int(rows) for event_id, rows in made.query(VIEWS)}
    lost = acknowledged - copies.keys() | acknowledged - views.keys()
    doubled = {event_id for found in (copies, views) for event_id, rows in found.items() if rows > 1}
    for name, crashes in (("collector", COLLECTOR_KILLS), ("enrich", enriches), ("load", loads)):
        crash_row(f"kill -9 of {name}, as the marts show it", crashes, len(acknowledged), len(lost), len(doubled))
    assert len(acknowledged) > COLLECTOR_KILLS * 40
    assert min(enriches, loads) >= OTHER_KILLS // 2
    assert (lost, doubled) == (set(), set())
    made.books()


EVENTS = "select event_id, count(*) from atomic.events group by all"
VIEWS = "select event_id, count(*) from derived.page_views group by all"


def collect_until_killed(made: Laptop, random: Random, after: int) -> set[str]:
    """Sends page views and kills the collector after so many were acknowledged; gives the ids of all that were."""
    report: Report | None = None
    with made.collector_process() as (address, process):

        def progress(so_far: Report) -> None:
            nonlocal report
            report = so_far
            if so_far.acknowledged >= after:
                process.kill()

        with suppress(SendError):
            asyncio.run(send(page_views(random), address, connections=8, progress=progress))
    assert process.returncode == -signal.SIGKILL
    return set(report.kinds) if report else set()


def page_views(random: Random) -> Iterator[Request]:
    """Requests of one page view each, whose kind is the id of the event."""
    for _ in range(REQUESTS):
        event_id = identifier(random)
        event = {
            "e": "pv",
            "p": "web",
            "tv": "js-4.10.1",
            "aid": "kills",
            "eid": event_id,
            "url": "https://example.com/",
        }
        request = post([event], (("User-Agent", "Mozilla/5.0"),), 1_795_500_000_000)
        yield Request(request.method, request.path, request.headers, request.body, 1, kind=event_id)


def enrich_until_killed(made: Laptop, lines: int) -> bool:
    """Kills enrich when it has told so many steps; gives whether it was still at work."""
    command = snowmelt("enrich", "--once", "--progress")
    with subprocess.Popen(
        command, env=made.environ | SMALL_STEPS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        for _, _ in zip(range(lines), process.stdout or (), strict=False):
            pass
        process.kill()
    return process.returncode == -signal.SIGKILL


def load_until_killed(made: Laptop, writes: int) -> bool:
    """Kills the loader when the warehouse's write-ahead log has grown so often; gives whether it was still at work."""
    wal = made.workspace.warehouse.with_name("snowmelt.duckdb.wal")
    sizes = {size(wal)}
    with subprocess.Popen(snowmelt("load"), env=made.environ, stdout=subprocess.DEVNULL, cwd=made.project) as process:
        while process.poll() is None and len(sizes) <= writes:
            sizes.add(size(wal))
        process.kill()
    return process.returncode == -signal.SIGKILL


def size(file: Path) -> int:
    """Bytes of a file, none for one that is not there."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
