"""What a running platform shows on the terminal: each stage in its colour, and only what one has to know."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from honcho.colour import get_colours  # type: ignore[import-untyped]
from honcho.printer import Message, Printer  # type: ignore[import-untyped]

from snowmelt.live.stage import Stage

NAME = "snowmelt"
"""Whose the lines of the platform itself are."""

_OURS = r"^\d{4}-\d\d-\d\d \S+ "
_WARNING = re.compile(rf"{_OURS}WARNING |\[warn(?:ing)?\s*\]")
_ERROR = re.compile(rf"{_OURS}(?:ERROR|CRITICAL) |\[(?:error|crit(?:ical)?|alert|emerg)\s*\](?!.*\[task\.stderr\])")
"""As our own servers, Airflow's parts and Nginx spell it. Airflow calls all an error that a task prints to stderr."""

_MOST_CHARACTERS = 300

_VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
_MOST_REMEMBERED = 1000


class Screen:
    """Prints lines. Of what the stages say it shows warnings and errors, each once, or with ``verbose`` everything."""

    def __init__(self, terminal: TextIO, stages: Iterable[Stage], verbose: bool = False) -> None:
        colours, table = get_colours(), list(stages)
        self._colours = {stage.name: next(colours) for stage in table}
        self._quiet = {stage.name for stage in table if stage.is_quiet}
        self._printer = Printer(terminal, width=max(len(name) for name in (NAME, *self._colours)))
        self._verbose = verbose
        self._told: set[tuple[str, str]] = set()

    def tell(self, name: str, text: str) -> None:
        """Shows a line as the stage's, as long as there is a terminal: what runs does not depend on it."""
        with suppress(OSError):
            self._printer.write(Message("line", text, datetime.now(), name, self._colours.get(name)))  # noqa: DTZ005

    def hear(self, name: str, line: str) -> None:
        """Takes what a stage said and shows it if it has to be seen."""
        if self._verbose or (self._matters(name, line) and self._is_new(name, line)):
            self.tell(name, line if self._verbose else _shortened(name, line))

    def _matters(self, name: str, line: str) -> bool:
        return bool(_ERROR.search(line) or (name not in self._quiet and _WARNING.search(line)))

    def _is_new(self, name: str, line: str) -> bool:
        """Whether the like was not told before: what goes wrong every second is told once, the log has it all."""
        like = (name, _VARIES.sub("0", line))
        if like in self._told:
            return False
        if len(self._told) >= _MOST_REMEMBERED:
            self._told.clear()
        self._told.add(like)
        return True


def _shortened(name: str, line: str) -> str:
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}… (make logs STAGE={name})"
