"""Log lines: one an event, to standard error, with the bare word ERROR on errors only.

An alarm counts that word, so no other line may hold it, not even when a client puts it into a request.
"""

import logging
import sys
from typing import TextIO


class OneLine(logging.Formatter):
    """Formats a record, with its traceback if it has one, as a single line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = " | ".join(filter(None, (part.strip() for part in super().format(record).splitlines())))
        return line if record.levelno >= logging.ERROR else line.replace("ERROR", "Error")


def set_up(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sends every log line of the process to ``stream``, standard error by default."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
