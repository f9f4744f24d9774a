"""Nginx as a child in the foreground: its log lines become ours, and it ends when we are told to."""

import logging
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

log = logging.getLogger("snowmelt.proxy.nginx")

_LINE = re.compile(r"(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|nginx:) \[(?P<level>[a-z]+)\] (?:\d+#\d+: )?(?P<text>.*)")
_LEVELS = {"warn": logging.INFO, "error": logging.WARNING, "crit": logging.ERROR, "alert": logging.ERROR}
_LEVELS |= {"emerg": logging.ERROR, "notice": logging.DEBUG, "info": logging.DEBUG, "debug": logging.DEBUG}
"""Nginx calls an error what a client does wrong, too; an alarm of ours counts only what an operator must see."""
_PERSONAL = re.compile(r'client: [^,]+, |\?[^"\s]*|, referrer: "[^"]*"')
"""What Nginx adds of a request and no log of ours keeps: who asked, where from, and the query, which may hold a key."""
_LISTENING = "start worker process"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of Nginx' error log."""

    level: int
    text: str

    @classmethod
    def read(cls, raw: str) -> "Line":
        """The line without what our own log adds again; one in another form is a warning."""
        found = _LINE.fullmatch(raw.rstrip("\n"))
        if not found:
            return cls(logging.WARNING, raw.rstrip("\n"))
        return cls(_LEVELS.get(found["level"], logging.WARNING), _PERSONAL.sub("", found["text"]))

    @property
    def listening(self) -> bool:
        """Whether it says that Nginx now takes connections."""
        return self.level == logging.DEBUG and self.text.startswith(_LISTENING)


class Foreground:
    """One run of a server, until SIGTERM or SIGINT: the first lets open requests finish, a second does not."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None
        self._signals = 0

    def run(self, ready: Callable[[], None]) -> int:
        """Runs it and calls ``ready`` once it listens; 0 after it was told to stop, else its exit code, never 0."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            return self._run(ready)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _run(self, ready: Callable[[], None]) -> int:
        waiting = True
        with subprocess.Popen(  # noqa: S603 - our own command line
            self._command, env=self._environ, stderr=subprocess.PIPE, text=True, errors="replace"
        ) as self._process:
            if self._signals:  # one came before there was anybody to pass it to
                self._pass_on()
            for raw in self._process.stderr or ():
                line = Line.read(raw)
                log.log(line.level, "%s", line.text)
                if waiting and line.listening:
                    waiting = False
                    ready()
        return 0 if self._signals else self._process.returncode or 1

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._process is not None:
            self._pass_on()

    def _pass_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT if self._signals == 1 else signal.SIGTERM)
