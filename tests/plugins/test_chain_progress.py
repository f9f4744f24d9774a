"""What the terminal is told of a chain, and that a signal ends it."""

import gc
import signal
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace

import pytest

import chain_progress


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Gives the process back the handlers, and the garbage collector the objects, that a progress takes."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
    gc.unfreeze()


def task_instance(task_id: str, map_index: int = -1) -> SimpleNamespace:
    return SimpleNamespace(dag_id="bake", task_id=task_id, map_index=map_index)


def test_a_line_tells_each_tasks_fate() -> None:
    terminal = StringIO()
    progress = chain_progress.Progress(terminal)
    for place, fate in ((-1, "ok"), (3, "skipped")):
        progress.running(task_instance("knead", place))
        progress.ended(task_instance("knead", place), fate)
    assert [line.split()[:2] for line in terminal.getvalue().splitlines()] == [
        ["bake.knead", "ok"],
        ["bake.knead[3]", "skipped"],
    ]
    assert progress.failures == {}


@pytest.mark.parametrize(("error", "kept"), [(ValueError("no flour"), "no flour"), (ValueError(), "ValueError")])
def test_a_failed_task_is_kept_with_its_own_words(error: Exception, kept: str) -> None:
    progress = chain_progress.Progress(StringIO())
    progress.ended(task_instance("bake"), "FAILED", error)
    assert progress.failures == {"bake.bake": kept}


def test_an_unfinished_step_prints_no_line() -> None:
    terminal = StringIO()
    with pytest.raises(KeyError), chain_progress.Progress(terminal).step("oven"):
        raise KeyError
    assert terminal.getvalue() == ""


def test_a_signal_ends_the_task_and_all_that_follow() -> None:
    terminal = StringIO()
    progress = chain_progress.Progress(terminal)
    progress.running(task_instance("knead"))
    with pytest.raises(SystemExit, match="stopped by SIGTERM") as stopped:
        signal.raise_signal(signal.SIGTERM)
    progress.ended(task_instance("knead"), "FAILED", stopped.value)
    with pytest.raises(SystemExit, match="not run"):
        progress.running(task_instance("bake"))
    progress.ended(task_instance("bake"), "FAILED", SystemExit("not run"))
    assert [line.split()[:2] for line in terminal.getvalue().splitlines()] == [
        ["bake.knead", "FAILED"],
        ["bake.bake", "not"],
    ]
    assert progress.failures == {"bake.knead": "stopped by SIGTERM"}
