"""One started stage: its process, the threads that hear it, ask after it and wait for its end, and what they tell."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL
from typing import TypeAlias

from honcho.process import Popen  # type: ignore[import-untyped]

from snowmelt.live.stage import Health, Stage
from snowmelt.live.stage_log import StageLog

_ASKED_EVERY_SECONDS = 0.25
_LAST_WORDS_SECONDS = 2.0
"""How long one waits for the end of what a stage said once it has ended: a child of its own may hold the pipe open."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line that the stage printed."""

    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The stage's health holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The stage's process is gone."""

    name: str
    code: int


Event: TypeAlias = Said | Ready | Ended


class Running:
    """A stage that was started, in a session of its own. What happens is told to ``tell``, from other threads."""

    def __init__(self, stage: Stage, folder: Path, log: Path, tell: Callable[[Event], None]) -> None:
        """Starts it in ``folder``. Raises OSError when its program cannot be run."""
        self.stage = stage
        self.since = datetime.now(UTC)
        self.started = time.monotonic()
        self.ready = False
        self.code: int | None = None
        self.told_to_stop = False
        self.killed = False
        self._tell = tell
        environ = {**stage.environ, "PYTHONUNBUFFERED": "1"}
        self._log = StageLog(log)
        try:
            self._child = Popen(list(stage.command), shell=False, stdin=DEVNULL, env=environ, cwd=folder)
        except OSError:
            self._log.close()
            raise
        self._listener = self._thread(self._listen)
        self._thread(self._wait)
        if stage.health is not None:
            self._thread(self._ask, stage.health)

    @property
    def process(self) -> int:
        """Its number, that of its session too."""
        return int(self._child.pid)

    def stop(self) -> None:
        """Tells it to finish. Only the process itself: what it started is its own to end."""
        self.told_to_stop = True
        with suppress(ProcessLookupError):
            self._child.terminate()

    def kill(self) -> None:
        """Ends it and its process group at once."""
        self.killed = True
        if self._child.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process, signal.SIGKILL)

    def _thread(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True, name=f"{self.stage.name} {work.__name__}")
        thread.start()
        return thread

    def _listen(self) -> None:
        for line in self._child.stdout:
            with suppress(OSError):  # a full disk must not stop the stage, as a full pipe would
                self._log.write(line)
            self._tell(Said(self.stage.name, line.decode("utf-8", "replace").rstrip()))
        self._log.close()
        self._child.stdout.close()

    def _wait(self) -> None:
        code = self._child.wait()
        self._listener.join(_LAST_WORDS_SECONDS)
        self._tell(Ended(self.stage.name, code))

    def _ask(self, health: Health) -> None:
        while self._child.poll() is None:
            if health.holds():
                self._tell(Ready(self.stage.name))
                return
            time.sleep(_ASKED_EVERY_SECONDS)
