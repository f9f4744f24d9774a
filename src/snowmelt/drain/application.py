"""The loop from log to lake. Nothing is lost and nothing is written twice, wherever it is killed.

A run folder is whole when its marker is written, and the folder itself says which positions it holds. The loop starts
after the last position of the newest whole folders, so a crash before a marker does the work again and a crash after
it does not. The offsets store follows behind: it only tells the log what may be deleted.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from snowmelt.drain.settings import EnrichSettings
from snowmelt.drain.sources import Source
from snowmelt.drain.window import Window
from snowmelt.lake.writer import LakeWriter
from snowmelt.streams.log import Offsets


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

    def run(
        self,
        stopped: threading.Event,
        *,
        once: bool = False,
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> Progress:
        """Works until ``stopped`` is set; with ``once``, until the log holds nothing new. Gives the totals."""
        progress = Progress()
        positions = self._start()
        window: Window | None = None
        while not stopped.is_set():
            found, window = self._read(positions, window, progress)
            if window and (self._is_full(window) or (once and not found)):
                self._write(window, progress)
                window = None
            report(progress)
            if not found:
                if once:
                    break
                stopped.wait(self.settings.poll_seconds)
        if window:
            self._write(window, progress)
        report(progress)
        return progress

    def _start(self) -> dict[str, str]:
        """The last position of each partition that is already in the lake."""
        positions = self.lake.resume()
        for source in self.sources:
            for partition in source.partitions():
                committed = self.offsets.get(self.settings.input.consumer, partition)
                if committed is not None:
                    positions[partition] = max(positions.get(partition, ""), committed)
        return positions

    def _read(self, positions: dict[str, str], window: Window | None, progress: Progress) -> tuple[bool, Window | None]:
        """One round over the partitions: whether anything was new, and the window it went into."""
        found = False
        limits = self.settings.input
        for source in self.sources:
            for partition in source.partitions():
                entries = source.read(partition, positions.get(partition), limits.max_records, limits.max_bytes)
                now = self.clock()
                for entry in entries:
                    window = window or Window(started=now)
                    window.add(
                        partition, entry.position, source.process(entry.data, f"{partition}/{entry.position}", now)
                    )
                    positions[partition] = entry.position
                    progress.records += 1
                found = found or bool(entries)
        return found, window

    def _is_full(self, window: Window) -> bool:
        age = (self.clock() - window.started).total_seconds()
        return window.events >= self.settings.output.max_events or age >= self.settings.output.max_seconds

    def _write(self, window: Window, progress: Progress) -> None:
        folder = self.lake.write(window.batch())
        for partition, position in window.last.items():
            self.offsets.commit(self.settings.input.consumer, partition, position)
        progress.good += folder.good
        progress.bad += folder.bad
        progress.folders += 1
