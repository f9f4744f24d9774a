"""The newest of each stage is found without writing anything."""

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from snowmelt.collector.main import open_log
from snowmelt.collector.settings import Log
from snowmelt.drain.main import main as enrich
from snowmelt.live.freshness import ago, held, newest
from snowmelt.loader.manifest import Run, State
from snowmelt.protocol.collector_payload import CollectorPayload, encode
from snowmelt.streams.log import Record
from snowmelt.workspace import Workspace

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
QUERY = "e=pv&p=web&tv=t-1"
COLLECTED = datetime(2026, 11, 20, 11, 58, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s ago"),
        (0, "0 s ago"),
        (119, "119 s ago"),
        (120, "2 min ago"),
        (7199, "119 min ago"),
        (7200, "2 h ago"),
        (172_800, "2 days ago"),
    ],
)
def test_moments_as_people_say_them(seconds: int, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_what_never_was() -> None:
    assert ago(None, NOW) == "never"


def run(state: State, loaded: datetime | None = None, released: datetime | None = None) -> Run:
    return Run("file:///r/", "run=r", state, NOW, 1, 0, "odd", loaded, released)


def test_an_empty_workspace_has_nothing(workspace: Workspace) -> None:
    assert {one.what: one.when for one in newest(workspace, [])} == dict.fromkeys(
        [
            *("record in the log", "run folder in the lake", "run loaded"),
            *("run released", "marts published", "dashboard"),
        ]
    )


def test_the_newest_of_each_stage(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWMELT_HOME", str(workspace.root))

    def record() -> datetime | None:
        return newest(workspace, [])[0].when

    for moment in (COLLECTED, COLLECTED + timedelta(seconds=20)):
        payload = CollectorPayload("-", int(moment.timestamp() * 1000), "UTF-8", "c", path="/i", querystring=QUERY)
        with ExitStack() as resources:
            open_log(workspace.log, Log(), resources).good.append([Record("", encode(payload))])
        assert record() == moment  # it waits in the log
        assert enrich(["--once"]) == 0
    (workspace.reports / "dashboard.html").touch()
    os.utime(workspace.reports / "dashboard.html", (NOW.timestamp(), NOW.timestamp()))
    later = NOW + timedelta(seconds=1)
    found = {one.what: one.when for one in newest(workspace, [run(State.LOADED, NOW), run(State.RELEASED, NOW, later)])}
    assert found["record in the log"] == COLLECTED + timedelta(seconds=20)  # which is in a run folder by now
    assert found["run folder in the lake"] is not None
    assert (found["run loaded"], found["run released"], found["dashboard"]) == (NOW, later, NOW)
    assert found["marts published"] is None


def test_held_runs() -> None:
    assert held([run(State.RELEASED), run(State.HELD), run(State.LOADED)]) == [run(State.HELD)]
