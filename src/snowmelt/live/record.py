"""What a running platform notes of its stages, and others read."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]

from snowmelt.live.stage import Health

_FILE = "stages.json"


class Noted(msgspec.Struct, frozen=True):
    """A stage that was started and stays."""

    name: str
    process: int
    since: datetime
    ready: bool
    address: str
    health: Health | None


class Record(msgspec.Struct, frozen=True):
    """A run of the platform."""

    process: int
    born: float
    """When the process was started, in seconds since 1970: its number alone could be another's by now."""
    stages: tuple[Noted, ...]

    @classmethod
    def of_this_process(cls, stages: tuple[Noted, ...]) -> "Record":
        """The record of a run in this process."""
        return cls(os.getpid(), psutil.Process().create_time(), stages)

    @property
    def is_alive(self) -> bool:
        """Whether the process that runs the stages is there."""
        try:
            return abs(float(psutil.Process(self.process).create_time()) - self.born) < 1
        except psutil.Error:
            return False

    def write(self, folder: Path) -> None:
        """Replaces the record in the folder."""
        unfinished = folder / f"{_FILE}.unfinished"
        unfinished.write_bytes(msgspec.json.encode(self))
        unfinished.replace(folder / _FILE)


def read_record(folder: Path) -> Record | None:
    """The record of the platform that runs now, None when none does."""
    try:
        record = msgspec.json.decode((folder / _FILE).read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return record if record.is_alive else None
