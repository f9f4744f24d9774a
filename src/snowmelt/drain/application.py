"""The loop from log to lake. Nothing is lost and nothing is written twice, wherever it is killed.

A run folder is whole when its marker is written, and the folder itself says which positions it holds. The loop starts
after the last position of the newest whole folders, so a crash before a marker does the work again and a crash after
it does not. The offsets store follows behind: it tells the log what may be deleted, and where to go on when the run
folders that said so were removed.

A record whose schemas no registry can tell of now stays where it is in the log, and what is behind it in its partition
too, until one can. Meanwhile what was enriched before it comes to the lake in time.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from snowmelt.drain.patience import Patience
from snowmelt.drain.settings import EnrichSettings
from snowmelt.drain.sources import Source
from snowmelt.drain.window import Window
from snowmelt.iglu.registry import RegistryFailure
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
    patience: Patience = field(default_factory=lambda: Patience(None))
    _window: Window | None = field(default=None, init=False)

    def run(
        self,
        stopped: threading.Event,
        *,
        once: bool = False,
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> Progress:
        """Works until ``stopped`` is set; with ``once``, until the log holds nothing new. Gives the totals.

        Raises StreamError where a log is damaged, and RegistryFailure when patience with registries is at its end: what
        was read before that place is in the lake then.
        """
        progress = Progress()
        positions = self._start()
        found = True
        try:
            while not stopped.is_set() and (found or not once):
                before = progress.records
                try:
                    found = self._read(positions, progress)
                    if once and not found:
                        self._write(progress)
                    pause = 0.0 if found or once else self.settings.poll_seconds
                    self.patience.answered()
                except RegistryFailure as failure:
                    found, pause = True, self._until_due(self.patience.pause(failure))
                    if progress.records > before:  # another partition goes on, and is not to wait for this one
                        pause = min(pause, self.settings.poll_seconds)
                report(progress)
                if pause:
                    stopped.wait(pause)
        except (StreamError, RegistryFailure):
            self._write_rest(progress)
            raise
        self._write_rest(progress)
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
        """One round over the partitions; gives whether anything was new. Writes the window whenever it is full.

        Raises RegistryFailure after a round in which a partition could not go on, or a window could not be written.
        """
        found = False
        stuck: RegistryFailure | None = None
        limits = self.settings.input
        self._write_if_full(progress)
        for source in self.sources:
            for partition in source.partitions():
                entries = source.read(partition, positions.get(partition), limits.max_records, limits.max_bytes)
                now = self.clock()
                for entry in entries:
                    try:
                        outcome = source.process(entry.data, f"{partition}/{entry.position}", now)
                    except RegistryFailure as failure:
                        stuck = stuck or failure
                        break
                    window = self._window = self._window or Window(started=now)
                    window.add(partition, entry, outcome)
                    positions[partition] = entry.position
                    progress.records += 1
                found = found or bool(entries)
                self._write_if_full(progress)
        if stuck is not None:
            raise stuck
        return found

    def _age(self, window: Window) -> float:
        return abs(self.clock() - window.started).total_seconds()  # a clock that was set back must not keep it open

    def _until_due(self, pause: float) -> float:
        """The pause, cut where the window has to be written sooner."""
        left = self.settings.output.max_seconds - self._age(self._window) if self._window else 0.0
        return min(pause, left) if left > 0 else pause

    def _write_if_full(self, progress: Progress) -> None:
        window, limits = self._window, self.settings.output
        if window is not None and (
            window.events >= limits.max_events
            or window.bytes >= limits.max_bytes
            or self._age(window) >= limits.max_seconds
        ):
            self._write(progress)

    def _write_rest(self, progress: Progress) -> None:
        """Writes the window at the end; where registries do not let it, the log still has its records."""
        try:
            self._write(progress)
        except RegistryFailure as failure:
            log.warning("the last records read are read again at the next start: %s", failure)

    def _write(self, progress: Progress) -> None:
        """Writes the window, if there is any, as a run folder. After RegistryFailure it can be written again."""
        window = self._window
        if window is None:
            return
        folder = self.lake.write(window.batch())
        self._window = None
        for partition, position in window.last.items():
            self.offsets.commit(self.settings.input.consumer, partition, position)
        progress.good += folder.good
        progress.bad += folder.bad
        progress.folders += 1
