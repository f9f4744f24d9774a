"""Runs the stages together: each is started once what it needs is ready, and all are stopped when one dies.

Honcho's own manager kills five seconds after it has told all to stop at the same time, and does not notice the death of
a process whose children live on; so honcho starts the processes and prints, and this waits, watches and stops.
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from snowmelt.demo.processes import last_words
from snowmelt.live.descendants import kill_all
from snowmelt.live.record import Noted, Record
from snowmelt.live.running import Ended, Event, Ready, Running, Said
from snowmelt.live.screen import NAME, Screen
from snowmelt.live.stage import Stage
from snowmelt.live.stage_log import last_lines
from snowmelt.workspace import Workspace

GRACE_SECONDS = 15.0
"""How long the stages may take to finish what they are at. A task of Airflow that takes longer is done again."""

_TICK_SECONDS = 0.1


class Supervisor:
    """The stages of one workspace, from start to stop. ``when_ready`` is called once, when all that can be ready is."""

    def __init__(
        self,
        stages: Sequence[Stage],
        workspace: Workspace,
        project: Path,
        screen: Screen,
        when_ready: Callable[[], None] = lambda: None,
        grace_s: float = GRACE_SECONDS,
    ) -> None:
        self._stages = stages
        self._workspace = workspace
        self._project = project
        self._screen = screen
        self._when_ready = when_ready
        self._grace_s = grace_s
        self._running: dict[str, Running] = {}
        self._left_out: set[str] = set()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._signals = 0
        self._deadline: float | None = None
        self._announced = False
        self.failure: str | None = None
        """What stopped the platform, where it was not told to stop; with the last words of the stage."""

    @property
    def left_out(self) -> frozenset[str]:
        """The optional stages that could not be had."""
        return frozenset(self._left_out)

    def run(self) -> int:
        """Works until all have ended: 0 when told to stop, 1 after a failure, 130 when told to stop at once."""
        with self._heeding_signals():
            try:
                while self._deadline is None or not self._all_ended():
                    self._step()
            finally:
                self._end_all()
        if self.failure is not None:
            return 1
        return 128 + signal.SIGINT if self._signals > 1 else 0

    def _step(self) -> None:
        if self._signals and self._deadline is None:
            self._screen.tell(NAME, "stopping: what is under way is finished; once more to stop at once")
            self._begin_to_stop()
        if self._deadline is None:
            self._start_due()
        else:
            self._stop_due(self._deadline)
        with suppress(Empty):
            self._take(self._events.get(timeout=_TICK_SECONDS))
        self._lose_patience()

    def _start_due(self) -> None:
        for stage in self._stages:
            if stage.name in self._running or stage.name in self._left_out:
                continue
            if self._left_out.intersection(stage.after):
                self._left_out.add(stage.name)
                self._note()
            elif all(name in self._running and self._running[name].ready for name in stage.after):
                self._start(stage)

    def _start(self, stage: Stage) -> None:
        try:
            self._running[stage.name] = Running(stage, self._project, self._log(stage), self._events.put)
        except OSError as error:
            self._fail(stage, f"cannot start: {error}")
        self._note()

    def _take(self, event: Event) -> None:
        running = self._running[event.name]
        match event:
            case Said(name, line):
                self._screen.hear(name, line)
                if running.stage.says and running.stage.says in line and not running.ready:
                    self._become_ready(running)
            case Ready():
                self._become_ready(running)
            case Ended(_, code):
                running.code = code
                if self._deadline is None:
                    self._mourn(running, code)

    def _become_ready(self, running: Running) -> None:
        running.ready = True
        stage = running.stage
        where = "done" if stage.is_task else f"ready at {stage.address}" if stage.address else "ready"
        self._screen.tell(stage.name, f"{where} ({time.monotonic() - running.started:.1f} s)")
        self._note()

    def _mourn(self, running: Running, code: int) -> None:
        """Decides what the end of a stage means that nobody stopped."""
        if running.killed:
            return  # for it took too long, which was told
        if running.stage.is_task and code == 0:
            self._become_ready(running)
        elif running.ready:
            self._fail(running.stage, f"ended with exit code {code}")
        else:
            self._fail(running.stage, f"ended with exit code {code} before it was ready")

    def _lose_patience(self) -> None:
        """Fails the stages that have taken too long to get ready."""
        for running in list(self._running.values()):
            late = time.monotonic() - running.started > running.stage.patience_s
            if late and not running.ready and not running.killed and running.code is None and self._deadline is None:
                running.kill()
                self._fail(running.stage, f"was not ready after {running.stage.patience_s:.0f} s")

    def _fail(self, stage: Stage, why: str) -> None:
        log = self._log(stage)
        running = self._running.get(stage.name)
        if stage.optional and not (running and running.ready):
            said = last_lines(log, 1) if running else []
            self._left_out.add(stage.name)
            self._screen.tell(stage.name, f"goes on without: {said[0] if said else why}")
            self._note()
        elif self.failure is None:
            words = f":\n{last_words(log)}\n(log: {log})" if running else ""
            self.failure = f"{stage.name} {why}{words}"
            self._screen.tell(stage.name, f"{why}: stopping all")
            self._begin_to_stop()

    def _begin_to_stop(self) -> None:
        self._deadline = time.monotonic() + self._grace_s

    def _stop_due(self, deadline: float) -> None:
        """Stops each stage once those that need it have ended, and all at once when time or patience is up."""
        at_once = self._signals > 1 or time.monotonic() > deadline
        for running in self._running.values():
            if running.code is not None or running.killed:
                continue
            if at_once:
                self._screen.tell(running.stage.name, "killed: it had not finished")
                running.kill()
            elif not running.told_to_stop and self._is_needed_by_none(running.stage):
                running.stop()

    def _is_needed_by_none(self, stage: Stage) -> bool:
        behind = (one for one in self._running.values() if stage.name in one.stage.after)
        return all(one.code is not None for one in behind)

    def _all_ended(self) -> bool:
        return all(running.code is not None for running in self._running.values())

    def _end_all(self) -> None:
        """Leaves no process, whatever happened."""
        for running in self._running.values():
            running.kill()
        if left := kill_all(self._workspace.root, [running.process for running in self._running.values()]):
            self._screen.tell(NAME, f"killed {left} more of their processes")
        self._note()

    def _log(self, stage: Stage) -> Path:
        return self._workspace.run_logs / f"{stage.name}.log"

    def _note(self) -> None:
        """Notes who runs, for those who ask from elsewhere, and tells once that all is ready."""
        Record.of_this_process(
            tuple(
                Noted(name, one.process, one.since, one.ready, one.stage.address, one.stage.health)
                for name, one in self._running.items()
                if one.code is None and not one.stage.is_task
            )
        ).write(self._workspace.live)
        ready = {name for name, running in self._running.items() if running.ready}
        if not self._announced and all(stage.name in ready | self._left_out for stage in self._stages):
            self._announced = True
            self._when_ready()

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        """Counts SIGINT, SIGTERM and the loss of the terminal instead of being ended by them."""

        def count(number: int, frame: FrameType | None) -> None:
            self._signals += 1

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, count) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
