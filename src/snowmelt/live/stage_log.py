"""The log files of the stages: bounded, the last run's kept beside, read while they grow."""

import os
from collections import deque
from pathlib import Path

MOST_BYTES = 10 * 1024 * 1024
"""A file that would grow larger is put aside, in the place of the one put aside before."""


class StageLog:
    """Writes what a stage says. What is in the file from before is put aside."""

    def __init__(self, file: Path, most_bytes: int = MOST_BYTES) -> None:
        self._file = file
        self._most_bytes = most_bytes
        self._open()

    def write(self, line: bytes) -> None:
        """Adds a line, its end included."""
        if self._size + len(line) > self._most_bytes and self._size:
            self.close()
            self._open()
        self._stream.write(line)
        self._size += len(line)

    def close(self) -> None:
        """Ends writing."""
        self._stream.close()

    def _open(self) -> None:
        if self._file.exists():
            self._file.replace(put_aside(self._file))
        self._stream = self._file.open("wb", buffering=0)
        self._size = 0


def put_aside(file: Path) -> Path:
    """Where the lines before those of a log file are."""
    return file.with_name(f"{file.name}.1")


def last_lines(file: Path, number: int) -> list[str]:
    """The last lines of a log, also from what was put aside when the file itself has fewer."""
    found: deque[str] = deque(maxlen=number)
    for part in (put_aside(file), file):
        if part.exists():
            with part.open(encoding="utf-8", errors="replace") as lines:
                found.extend(line.rstrip("\n") for line in lines)
    return list(found)


def forget_old(folder: Path, pattern: str, before: float) -> None:
    """Removes the files of a folder that match and were last written before a time in seconds since 1970."""
    for file in folder.rglob(pattern):
        if file.is_file() and not file.is_symlink() and file.stat().st_mtime < before:
            file.unlink()


class Follower:
    """Reads what is written into a log from now on, also after the file was put aside."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stream = file.open(encoding="utf-8", errors="replace")
        self._stream.seek(0, os.SEEK_END)
        self._rest = ""

    def lines(self) -> list[str]:
        """The lines that have come since it was asked last, each whole."""
        put_aside = self._was_put_aside()  # before reading: what is written until then is in the old file
        self._rest += self._stream.read()
        if put_aside:
            self.close()
            self._stream = self._file.open(encoding="utf-8", errors="replace")
            self._rest += self._stream.read()
        *whole, self._rest = self._rest.split("\n")
        return whole

    def close(self) -> None:
        """Ends reading."""
        self._stream.close()

    def _was_put_aside(self) -> bool:
        try:
            return not os.path.samestat(os.fstat(self._stream.fileno()), self._file.stat())
        except FileNotFoundError:
            return False  # it is being put aside just now
