"""Appends to a log of segments."""

import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from snowmelt.streams.files import REAL, Files
from snowmelt.streams.log import Appended, Record, Refused, Result, StreamError
from snowmelt.streams.segments.active import ActiveSegment, NoRoomError
from snowmelt.streams.segments.frames import PREFIX_BYTES, encode
from snowmelt.streams.segments.layout import (
    HEADER_BYTES,
    LOCK,
    MARK,
    UNFINISHED,
    Header,
    Segment,
    mark_line,
    partition_folder,
    position_number,
    position_text,
    read_mark,
    read_segment,
    segment_bases,
    segment_name,
)
from snowmelt.streams.segments.retention import KEEP_ALL, Retention, expired

SEGMENT_BYTES: Final = 64 << 20
DISK_BUDGET: Final = 16 << 30


def _nothing_committed() -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class _Limits:
    """How much the log may hold; see `SegmentWriter.open`."""

    segment_bytes: int
    disk_budget: int
    retention: Retention
    committed: Callable[[], str | None]
    now: Callable[[], float]

    @property
    def record_bytes(self) -> int:
        """The largest record that fits in a segment."""
        return self.segment_bytes - HEADER_BYTES - PREFIX_BYTES

    def milliseconds(self) -> int:
        """The time, as segments tell it."""
        return int(self.now() * 1000)


class SegmentWriter:
    """The `Writer` of one partition: one process holds it, and one thread of it appends. Made by `open`."""

    def __init__(
        self,
        home: Path,
        limits: _Limits,
        files: Files,
        lock: int,
        mark: int,
        segments: list[Segment],
        active: ActiveSegment,
    ) -> None:
        self._home = home
        self._limits = limits
        self._files = files
        self._lock = lock
        self._mark = mark
        self._segments = segments
        self._active = active
        self._stopped: str | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        partition: str = "0",
        *,
        segment_bytes: int = SEGMENT_BYTES,
        disk_budget: int = DISK_BUDGET,
        retention: Retention = KEEP_ALL,
        committed: Callable[[], str | None] = _nothing_committed,
        floor: str | None = None,
        now: Callable[[], float] = time.time,
        files: Files = REAL,
    ) -> Self:
        """The writer of a partition of the log in `folder`; both are created where they are missing.

        `segment_bytes`: size of the segments to come; a record has to fit in one.
        `disk_budget`: bytes the partition's segments may take; records that would need more are refused.
        `retention`: when consumed segments are deleted.
        `committed`: gives the smallest committed position of all consumers; nothing above it is deleted.
        `floor`: the largest committed position; all positions to come are above it, even if the log has lost its end.
        `now`: seconds since 1970.

        Raises StreamError when another process writes the partition, or when it is damaged or cannot be written.
        """
        home = partition_folder(folder, partition)
        limits = _Limits(segment_bytes, disk_budget, retention, committed, now)
        with ExitStack() as undo:
            try:
                files.make_dir(home)
                lock = files.open(home / LOCK, os.O_RDWR | os.O_CREAT)
                undo.callback(files.close, lock)
                if not files.lock(lock):
                    raise StreamError(f"another process writes to {home}; stop it first, or write to another partition")
                segments, active = _recover(files, home, position_number(floor), limits)
                undo.callback(active.close)
                mark = files.open(home / MARK, os.O_RDWR | os.O_CREAT)
                undo.callback(files.close, mark)
                writer = cls(home, limits, files, lock, mark, segments, active)
                writer._publish()
            except OSError as error:
                raise StreamError(f"the log in {home} cannot be opened: {error}") from error
            undo.pop_all()
        return writer

    def append(self, records: Sequence[Record]) -> list[Result]:
        """See `Writer.append`. Raises StreamError after a failed write or sync, then and ever after."""
        if self._stopped is not None:
            raise StreamError(self._stopped)
        largest = self._limits.record_bytes
        fitting = [record.data for record in records if len(record.data) <= largest]
        pieces, ends = encode(fitting, self._active.end)
        done, refusal = 0, None
        while done < len(ends) and refusal is None:
            fit = bisect_right(ends, self._active.segment.limit, done)
            if fit == done:
                refusal = self._roll()
            else:
                with self._whole_or_stopped():
                    self._active.write(b"".join(pieces[2 * done : 2 * fit]), ends[fit - 1])
                    self._publish()
                done = fit
        results: list[Result] = [Appended(position_text(end)) for end in ends[:done]]
        if refusal is not None:
            results += [Refused(refusal)] * (len(ends) - done)
        if len(fitting) < len(records):
            too_large = Refused(f"a record of this log may have {largest} bytes at most")
            given = iter(results)
            return [next(given) if len(record.data) <= largest else too_large for record in records]
        return results

    def close(self) -> None:
        """See `Writer.close`."""
        if self._lock >= 0:
            self._stopped = f"the log in {self._home} is closed"
            self._active.close()
            self._files.close(self._mark)
            self._files.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _publish(self) -> None:
        """Shows readers what is durable. Not synced: see the package for why an old mark does no harm."""
        self._files.pwrite(self._mark, mark_line(self._active.end), 0)

    def _roll(self) -> str | None:
        """Begins the next segment; the reason when there is no room for it. The next append asks again."""
        self._trim()
        end, size = self._active.end, self._limits.segment_bytes
        if sum(segment.size for segment in self._segments) + size > self._limits.disk_budget:
            return f"the log in {self._home} has filled its disk budget of {self._limits.disk_budget} bytes"
        header = Header(base=end, previous_end=end, created=self._limits.milliseconds())
        with self._whole_or_stopped():
            try:
                active = ActiveSegment.create(self._files, self._home, header, size)
            except NoRoomError as error:
                return str(error)
            self._active.close()
            self._active = active
            self._segments.append(active.segment)
        return None

    def _trim(self) -> None:
        """Deletes what retention lets go, the oldest first and one by one, so that a crash leaves no gap."""
        limits = self._limits
        committed = position_number(limits.committed())
        for segment in self._segments[: expired(self._segments, limits.retention, committed, limits.milliseconds())]:
            with self._whole_or_stopped():
                with suppress(FileNotFoundError):
                    self._files.unlink(self._home / segment_name(segment.header.base))
                self._files.fsync_dir(self._home)
            self._segments.remove(segment)

    @contextmanager
    def _whole_or_stopped(self) -> Iterator[None]:
        """Lets nobody append any more unless what is done within it is done wholly."""
        self._stopped = f"the log in {self._home} was interrupted while writing; open it anew"
        try:
            yield
        except OSError as error:
            self._stopped = f"the log in {self._home} takes nothing more until it is opened anew: {error}"
            raise StreamError(self._stopped) from error
        self._stopped = None


def _recover(files: Files, home: Path, floor: int, limits: _Limits) -> tuple[list[Segment], ActiveSegment]:
    """The segments, all names and records of them durable, and the last one, ready for positions above `floor`."""
    for folder in (home, *home.parents[:3]):  # even if all was there: who made it may have been killed before the sync
        with suppress(PermissionError):  # then it was not made by us
            files.fsync_dir(folder)
    for name in files.names(home):
        if name.endswith(UNFINISHED):
            files.unlink(home / name)
    mark = read_mark(files, home) or 0
    segments = [read_segment(files, home / segment_name(base)) for base in segment_bases(files, home)]
    if segments:
        active = ActiveSegment.recover(files, home / segment_name(segments[-1].header.base), mark)
    else:
        base = max(mark, floor)
        active = ActiveSegment.create(files, home, Header(base, base, limits.milliseconds()), limits.segment_bytes)
        segments.append(active.segment)
    if active.end < floor:
        header = Header(base=floor, previous_end=active.end, created=limits.milliseconds())
        active.close()
        active = ActiveSegment.create(files, home, header, limits.segment_bytes)
        segments.append(active.segment)
    return segments, active
