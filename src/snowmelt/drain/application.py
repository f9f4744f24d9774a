"""The loop from log to lake. Nothing is lost and nothing is written twice, wherever it is killed.

A run folder is whole when its marker is written, and the folder itself says which positions it holds. The loop starts
after the last position of the newest whole folders, so a crash before a marker does the work again and a crash after
it does not. The offsets store follows behind: it tells the log what may be deleted, and where to go on when the run
folders that said so were removed.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from snowmelt.drain.settings import EnrichSettings
from snowmelt.drain.sources import Source
from snowmelt.drain.window import Window
from snowmelt.lake.writer import LakeWriter
from snowmelt.streams.log import Offsets, StreamError

log = logging.getLogger("snowmelt.enrich")


@dataclass(slots=True)
class Progress:
    """Running totals since the start."""

    records: int = 0
    good: int = 0
    bad: int = 0
    folders: int = 0


def utc_now() -> datetime:
    """The clock of the application."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Application:
    """Reads every partition of its sources and writes run folders until it is stopped, or once through the logs."""

    sources: Sequence[Source]
    offsets: Offsets
    lake: LakeWriter
    settings: EnrichSettings
    clock: Callable[[], datetime] = utc_now
    _window: Window | None = field(default=None, init=False)

    def run(
        self,
        stopped: threading.Event,
        *,
        once: bool = False,
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> Progress:
        """Works until ``stopped`` is set; with ``once``, until the log holds nothing new. Gives the totals.

        Raises StreamError where a log is damaged: what was read before that place is in the lake then.
        """
        progress = Progress()
        positions = self._start()
        found = True
        try:
            while not stopped.is_set() and (found or not once):
                found = self._read(positions, progress)
                report(progress)
                if not found and not once:
                    stopped.wait(self.settings.poll_seconds)
        except StreamError:
            self._write(progress)
            raise
        self._write(progress)
        report(progress)
        return progress

    def _start(self) -> dict[str, str]:
        """The last position of each partition that is already in the lake."""
        positions = self.lake.resume()
        for source in self.sources:
            for partition in source.partitions():
                committed = self.offsets.get(self.settings.input.consumer, partition)
                if committed is not None and committed > positions.get(partition, ""):
                    log.warning("partition %s goes on after %s, which this lake does not have", partition, committed)
                    positions[partition] = committed
        return positions

    def _read(self, positions: dict[str, str], progress: Progress) -> bool:
        """One round over the partitions; gives whether anything was new. Writes the window whenever it is full."""
        found = False
        limits = self.settings.input
        for source in self.sources:
            for partition in source.partitions():
                entries = source.read(partition, positions.get(partition), limits.max_records, limits.max_bytes)
                now = self.clock()
                for entry in entries:
                    window = self._window = self._window or Window(started=now)
                    window.add(partition, entry, source.process(entry.data, f"{partition}/{entry.position}", now))
                    positions[partition] = entry.position
                    progress.records += 1
                found = found or bool(entries)
                if self._window and self._is_full(self._window):
                    self._write(progress)
        return found

    def _is_full(self, window: Window) -> bool:
        limits = self.settings.output
        age = abs(self.clock() - window.started).total_seconds()  # a clock that was set back must not keep it open
        return window.events >= limits.max_events or window.bytes >= limits.max_bytes or age >= limits.max_seconds

    def _write(self, progress: Progress) -> None:
        """Writes the window, if there is any, as a run folder."""
        window, self._window = self._window, None
        if window is None:
            return
        folder = self.lake.write(window.batch())
        for partition, position in window.last.items():
            self.offsets.commit(self.settings.input.consumer, partition, position)
        progress.good += folder.good
        progress.bad += folder.bad
        progress.folders += 1
