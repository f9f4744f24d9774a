"""The trigger that starts loading: when it fires, when it does not, and that Airflow can make it anew."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from snowmelt.lake.run_folder import MARKER
from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


@pytest.fixture
def lake_watch(airflow_home: Workspace) -> ModuleType:
    import lake_watch

    return lake_watch


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def begin(lake: Path, name: str) -> None:
    (lake / name / "output=good").mkdir(parents=True)


def finish(lake: Path, name: str) -> None:
    (lake / name).mkdir(parents=True, exist_ok=True)
    (lake / name / MARKER).touch()


class EnoughSeenError(Exception):
    """Ends the watch when there is nothing more to happen."""


def watch(lake_watch: ModuleType, lake: Path, *happenings: Callable[[], object]) -> list[list[str]]:
    """What it tells at its start, and at the look after each of these."""
    told: list[list[str]] = [[]]
    waiting = list(happenings)

    async def pause() -> None:
        if not waiting:
            raise EnoughSeenError
        waiting.pop(0)()
        told.append([])

    async def collect() -> None:
        async for new in lake_watch.news(lake, pause):
            told[-1] += sorted(new)

    with pytest.raises(EnoughSeenError):
        asyncio.run(collect())
    return told


def nothing() -> None:
    """Happens."""


def test_a_new_marker_is_told_once(lake_watch: ModuleType, lake: Path) -> None:
    begin(lake, "run=1")
    happenings = (nothing, lambda: finish(lake, "run=1"), nothing, lambda: begin(lake, "run=2"))
    assert watch(lake_watch, lake, *happenings) == [[], [], ["run=1"], [], []]


def test_what_was_whole_before_the_start_is_told_at_once(lake_watch: ModuleType, lake: Path) -> None:
    finish(lake, "run=1")
    finish(lake, "run=2")
    assert watch(lake_watch, lake, nothing, lambda: finish(lake, "run=3")) == [["run=1", "run=2"], [], ["run=3"]]


def test_a_lake_that_comes_late_and_goes_is_watched_on(lake_watch: ModuleType, lake: Path) -> None:
    happenings = (nothing, lambda: finish(lake, "run=1"), lambda: shutil.rmtree(lake), lambda: finish(lake, "run=2"))
    assert watch(lake_watch, lake, *happenings) == [[], [], ["run=1"], [], ["run=2"]]


def test_a_folder_that_goes_does_not_make_the_others_new(lake_watch: ModuleType, lake: Path) -> None:
    finish(lake, "run=1")
    finish(lake, "run=2")
    gone = watch(lake_watch, lake, lambda: shutil.rmtree(lake / "run=1"), lambda: finish(lake, "run=1"))
    assert gone == [["run=1", "run=2"], [], ["run=1"]]


def test_other_files_of_the_lake_are_none_of_its_business(lake_watch: ModuleType, lake: Path) -> None:
    finish(lake, "archive=1")
    (lake / "lock").touch()
    (lake / "run=file").touch()
    assert watch(lake_watch, lake) == [[]]


def test_a_lake_that_cannot_be_listed_is_tried_again(
    lake_watch: ModuleType, lake: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lake.touch()  # a file, which cannot be listed
    happenings = (lake.unlink, lambda: finish(lake, "run=1"))
    assert watch(lake_watch, lake, *happenings) == [[], [], ["run=1"]]
    assert f"the lake {lake} cannot be listed" in caplog.text


def test_whole_folders_are_not_looked_into_again(lake_watch: ModuleType, lake: Path) -> None:
    begin(lake, "run=1")
    assert lake_watch.whole_runs(lake) == frozenset()
    assert lake_watch.whole_runs(lake, {"run=1", "run=2"}) == {"run=1"}


def test_airflow_makes_it_anew_and_it_fires(lake_watch: ModuleType, lake: Path) -> None:
    from airflow._shared.module_loading import import_string

    path, arguments = lake_watch.RunFolderTrigger(str(lake)).serialize()
    trigger = import_string(path)(**arguments)
    assert trigger.serialize() == (path, arguments)
    finish(lake, "run=1")
    finish(lake, "run=2")

    async def first() -> object:
        stream = trigger.run()
        try:
            return (await anext(stream)).payload
        finally:
            await stream.aclose()

    assert asyncio.run(first()) == {"run_folders": 2, "newest": "run=2"}
