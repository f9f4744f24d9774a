"""Reads a log of segments, in any process, beside its writer."""

import os
from bisect import bisect_right
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from snowmelt.streams.files import REAL, Files
from snowmelt.streams.log import Entry, StreamError
from snowmelt.streams.segments.frames import walk
from snowmelt.streams.segments.layout import (
    HEADER_BYTES,
    Header,
    partition_folder,
    position_number,
    position_text,
    read_mark,
    read_segment,
    segment_bases,
    segment_name,
)


class SegmentReader:
    """The `Reader` of the log in `folder`. It keeps nothing open, locks nothing and writes nothing.

    Where retention has deleted the segment to read next, it goes on with the oldest kept, as Kinesis does at its trim
    horizon. Raises StreamError where a frame below the durable mark is not what was written: it gives the records
    before that place and skips over nothing.
    """

    def __init__(self, folder: Path, files: Files = REAL) -> None:
        self._folder = folder
        self._files = files

    def partitions(self) -> list[str]:
        """The partitions that have a durable mark, sorted."""
        names = self._files.names(self._folder)
        return sorted(name for name in names if read_mark(self._files, self._folder / name) is not None)

    def read(self, partition: str, after: str | None, max_records: int, max_bytes: int) -> list[Entry]:
        """See `Reader.read`; `max_bytes` counts the data of the records."""
        entries: list[Entry] = []
        room = max_bytes
        with closing(self._records(partition, position_number(after))) as records:
            try:
                for position, data in islice(records, max_records):
                    room -= len(data)
                    if room < 0 and entries:
                        break
                    entries.append(Entry(position_text(position), data))
            except StreamError:  # the next call, which begins there, says so
                if not entries:
                    raise
        return entries

    def count(self) -> dict[str, int]:
        """How many durable records each partition holds, found by reading them all."""
        counts = {}
        for partition in self.partitions():
            with closing(self._records(partition, 0)) as records:
                counts[partition] = sum(1 for _ in records)
        return counts

    def positions(self, partition: str) -> Iterator[str]:
        """The position of each durable record of a partition, the oldest first."""
        with closing(self._records(partition, 0)) as records:
            for position, _ in records:
                yield position_text(position)

    def _records(self, partition: str, position: int) -> Generator[tuple[int, bytes], None, None]:
        """The durable records behind `position`, with the position of each."""
        folder = partition_folder(self._folder, partition)
        mark = read_mark(self._files, folder) or 0  # before the listing, which so holds every segment below the mark
        while position < mark:
            bases = segment_bases(self._files, folder)
            if not bases:
                raise StreamError(f"{folder} has a mark of {mark}, but its segments are gone")
            index = max(bisect_right(bases, position) - 1, 0)
            try:
                position = yield from self._segment(folder, bases[index : index + 2], position, mark)
            except FileNotFoundError:
                continue  # retention took it after the listing

    def _segment(
        self, folder: Path, bases: list[int], position: int, mark: int
    ) -> Generator[tuple[int, bytes], None, int]:
        """The records of the first of one or two segments; returns the position to go on from."""
        base = bases[0]
        path = folder / segment_name(base)
        fd = self._files.open(path, os.O_RDONLY)

        def read(size: int, at: int) -> bytes:
            return self._files.pread(fd, size, at - base + HEADER_BYTES)

        try:
            Header.decode(self._files.pread(fd, HEADER_BYTES, 0), path)
            resume = end = mark
            if len(bases) == 2:
                following = read_segment(self._files, folder / segment_name(bases[1])).header
                resume, end = following.base, min(following.previous_end, mark)
            reached = max(position, base)
            for behind, data in walk(read, reached, end):
                yield behind, data
                reached = behind
            if reached < end:
                raise StreamError(
                    f"{path} is damaged at byte {reached - base + HEADER_BYTES}: no whole record begins there, but "
                    f"the segment is durable up to position {position_text(end)}: put the file back from a copy"
                )
            return resume
        finally:
            self._files.close(fd)
