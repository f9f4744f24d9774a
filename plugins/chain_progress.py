"""What a chain tells the terminal: a line for each task as it ends, and the failed ones' own words at the end."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

WIDTH = 56


class Progress:
    """Prints a line for each task as it ends, and keeps what the failed ones said. An Airflow task listener."""

    def __init__(self, terminal: TextIO) -> None:
        """``terminal`` is where the lines go; everything else the process prints does not."""
        self.terminal = terminal
        self.failures: dict[str, str] = {}
        self.stopped = False
        self._started: dict[str, float] = {}

    def line(self, what: str, fate: str, seconds: float) -> None:
        """One aligned line: what, how it went, how long it took."""
        name = what if len(what) <= WIDTH else f"{what[: WIDTH - 1]}…"
        print(f"  {name:<{WIDTH}} {fate:<8} {seconds:6.1f} s", file=self.terminal, flush=True)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A line for work that is not a task."""
        started = time.monotonic()
        yield
        self.line(what, "ready", time.monotonic() - started)

    def heed_signals(self) -> None:
        """Makes SIGINT and SIGTERM end the chain; Airflow gives each task a handler of its own, which does not."""

        def stop(number: int, frame: object) -> None:
            self.stopped = True
            raise SystemExit(f"stopped by {signal.Signals(number).name}")

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)

    def running(self, task_instance: RuntimeTaskInstance) -> None:
        """Starts the clock of a task.

        What is alive by now stays alive, so the collector need not look at it again: Cosmos collects garbage after
        every model, which over all that Airflow and dbt have loaded takes longer than a small model.
        """
        gc.freeze()
        self.heed_signals()
        if self.stopped:
            raise SystemExit("not run, for the chain was stopped")
        self._started[_title(task_instance)] = time.monotonic()

    def ended(self, task_instance: RuntimeTaskInstance, fate: str, error: object = None) -> None:
        """Prints the task's line; a failed one's error is kept for the end."""
        title = _title(task_instance)
        now = time.monotonic()
        if fate == "FAILED" and self.stopped and self.failures:
            fate = "not run"
        self.line(title, fate, now - self._started.pop(title, now))
        if fate == "FAILED":
            self.failures[title] = str(error) or type(error).__name__


def listener(progress: Progress) -> object:
    """Airflow's task hooks, wired to the progress lines."""
    from airflow.listeners import hookimpl

    class TaskListener:
        @hookimpl
        def on_task_instance_running(self, task_instance: RuntimeTaskInstance) -> None:
            progress.running(task_instance)

        @hookimpl
        def on_task_instance_success(self, task_instance: RuntimeTaskInstance) -> None:
            progress.ended(task_instance, "ok")

        @hookimpl
        def on_task_instance_skipped(self, task_instance: RuntimeTaskInstance) -> None:
            progress.ended(task_instance, "skipped")

        @hookimpl
        def on_task_instance_failed(self, task_instance: RuntimeTaskInstance, error: object) -> None:
            progress.ended(task_instance, "FAILED", error)

    return TaskListener()


def _title(task_instance: RuntimeTaskInstance) -> str:
    number = task_instance.map_index
    mapped = "" if number is None or number < 0 else f"[{number}]"
    return f"{task_instance.dag_id}.{task_instance.task_id}{mapped}"
