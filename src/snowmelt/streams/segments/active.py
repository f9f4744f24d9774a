"""The segment being written: created, found again after a crash, written to."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from snowmelt.streams.files import Files, is_full
from snowmelt.streams.log import StreamError
from snowmelt.streams.segments.frames import walk
from snowmelt.streams.segments.layout import (
    HEADER_BYTES,
    UNFINISHED,
    Header,
    Segment,
    position_text,
    read_segment,
    segment_name,
)

_ZEROED_AHEAD: Final = 1 << 20
"""A sync of room never written before also has to sync the journal of the file system: zeros go ahead in such steps."""

_ZEROS: Final = memoryview(bytes(_ZEROED_AHEAD))


class NoRoomError(OSError):
    """The disk has no room for another segment."""


class ActiveSegment:
    """The last segment of a partition, open for writing. After an OSError it is unknown what the disk holds."""

    def __init__(self, files: Files, fd: int, segment: Segment, end: int) -> None:
        self._files = files
        self._fd = fd
        self._zeroed = 0
        self.segment = segment
        self.end = end
        """Position behind the last durable frame."""

    @classmethod
    def create(cls, files: Files, folder: Path, header: Header, size: int) -> Self:
        """A new segment without frames, durable under its name. Raises NoRoomError on a full disk, nothing changed."""
        path = folder / segment_name(header.base)
        unfinished = path.with_name(path.name + UNFINISHED)
        fd = files.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        try:
            files.allocate(fd, size)
            files.pwrite(fd, header.encode(), 0)
            files.durable_sync(fd)
        except OSError as error:
            files.close(fd)
            with suppress(OSError):
                files.unlink(unfinished)
            if is_full(error):
                raise NoRoomError(f"the disk of {folder} is full") from error
            raise
        try:  # from here on the name may be there, and the segment before it must not be written to any more
            files.rename(unfinished, path)
            files.fsync_dir(folder)
        except OSError:
            files.close(fd)
            raise
        return cls(files, fd, Segment(header, size), header.base)

    @classmethod
    def recover(cls, files: Files, path: Path, mark: int) -> Self:
        """The segment with every whole frame there is, all durable, and zeros behind them.

        Raises StreamError when there is less than `mark`, the last known durable position, promised.
        """
        segment = read_segment(files, path)
        fd = files.open(path, os.O_RDWR)
        try:
            found = cls(files, fd, segment, segment.header.base)
            for end, _ in walk(found._read, segment.header.base, segment.limit):
                found.end = end
            if found.end < mark:
                raise StreamError(
                    f"{path} is damaged at byte {found._offset(found.end)}: no whole record begins there, but "
                    f"position {position_text(mark)} was acknowledged. Keep the folder, and begin a new log elsewhere"
                )
            found._settle(max(mark, segment.header.base))
        except BaseException:
            files.close(fd)
            raise
        return found

    def write(self, frames: bytes, end: int) -> None:
        """Appends frames that reach to position `end`; they are durable when it returns."""
        offset = self._offset(self.end)
        written = offset + len(frames)
        if written > self._zeroed:
            self._zeroed = min(written + _ZEROED_AHEAD, self.segment.size)
            self._files.pwrite(self._fd, _ZEROS[: self._zeroed - written], written)
        self._files.pwrite(self._fd, frames, offset)
        self._files.durable_sync(self._fd)
        self.end = end

    def close(self) -> None:
        """Lets go of the file."""
        self._files.close(self._fd)

    def _settle(self, unsure: int) -> None:
        """Makes durable what lies behind `unsure`: frames that perhaps only the cache has, and zeros for the rest."""
        behind = self._files.pread(self._fd, self.segment.size, self._offset(self.end)).rstrip(b"\0")
        rewritten = self._read(self.end - unsure, unsure) + bytes(len(behind))
        if rewritten:
            self._files.pwrite(self._fd, rewritten, self._offset(unsure))
            self._files.durable_sync(self._fd)

    def _read(self, size: int, position: int) -> bytes:
        return self._files.pread(self._fd, size, self._offset(position))

    def _offset(self, position: int) -> int:
        return position - self.segment.header.base + HEADER_BYTES
