"""The files of a partition's folder: how they are named, what their first bytes say, and the durable mark."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Final, Self
from zlib import crc32

from snowmelt.streams.files import Files
from snowmelt.streams.log import StreamError

LOCK: Final = "lock"
MARK: Final = "mark"
UNFINISHED: Final = ".new"
"""Ends the name of a segment that is being created; one that is found is what a crash left of it."""

_SEGMENT_NAME: Final = re.compile(r"(\d{20})\.segment")
_PARTITION_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_MAGIC: Final = b"snowmelt"
_VERSION: Final = 1
_HEADER: Final = Struct("<8sIQQQ")  # magic, version, base, previous end, created
_CRC: Final = Struct("<I")
HEADER_BYTES: Final = 64


def position_text(position: int) -> str:
    """A position as consumers hold it."""
    return f"{position:020d}"


def position_number(text: str | None) -> int:
    """The position a consumer holds; 0, where partitions begin, for none. Raises StreamError for any other text."""
    if text is None:
        return 0
    if len(text) == 20 and text.isascii() and text.isdigit():
        return int(text)
    raise StreamError(f"{text!r} is not a position of a segment log, which has 20 digits, like {position_text(4096)}")


def partition_folder(folder: Path, partition: str) -> Path:
    """Where a partition lies. Raises StreamError for a name that is not safe as that of a folder."""
    if _PARTITION_NAME.fullmatch(partition):
        return folder / partition
    raise StreamError(f"{partition!r} cannot name a partition: use letters, digits, '_', '.' and '-', like 0")


@dataclass(frozen=True, slots=True)
class Header:
    """The first bytes of a segment: magic, version, these three, and a CRC of them all; 64 bytes with zeros behind."""

    base: int
    """Position at which the first frame begins."""
    previous_end: int
    """Position at which the segment before this one ends: `base`, unless a floor made the log skip."""
    created: int
    """Milliseconds since 1970, by the writer's clock."""

    def encode(self) -> bytes:
        """The 64 bytes."""
        header = _HEADER.pack(_MAGIC, _VERSION, self.base, self.previous_end, self.created)
        return (header + _CRC.pack(crc32(header))).ljust(HEADER_BYTES, b"\0")

    @classmethod
    def decode(cls, header: bytes, path: Path) -> Self:
        """Raises StreamError, with the segment's path, for bytes that no writer of this version wrote."""
        if len(header) == HEADER_BYTES:
            magic, version, base, previous_end, created = _HEADER.unpack_from(header)
            (crc,) = _CRC.unpack_from(header, _HEADER.size)
            if magic == _MAGIC and version != _VERSION:
                raise StreamError(f"{path} is a segment of version {version}; this program reads version {_VERSION}")
            if magic == _MAGIC and crc == crc32(header[: _HEADER.size]) and path.name == segment_name(base):
                return cls(base, previous_end, created)
        raise StreamError(f"{path} is damaged at byte 0: its header is not one of a segment of this name")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as its writer keeps it in mind."""

    header: Header
    size: int
    """Bytes that the file takes."""

    @property
    def limit(self) -> int:
        """No frame of the segment passes this position."""
        return self.header.base + self.size - HEADER_BYTES


def segment_name(base: int) -> str:
    """The file name of the segment that begins at this position."""
    return f"{position_text(base)}.segment"


def segment_bases(files: Files, folder: Path) -> list[int]:
    """Where the segments of a partition begin, in order."""
    return sorted(int(found[1]) for name in files.names(folder) if (found := _SEGMENT_NAME.fullmatch(name)))


def read_segment(files: Files, path: Path) -> Segment:
    """What the file at `path` says of itself. Raises FileNotFoundError, or StreamError where it is damaged."""
    fd = files.open(path, os.O_RDONLY)
    try:
        return Segment(Header.decode(files.pread(fd, HEADER_BYTES, 0), path), files.size(fd))
    finally:
        files.close(fd)


def mark_line(position: int) -> bytes:
    """The content of the mark: the position and its CRC as text, always of the same length."""
    text = position_text(position).encode()
    return b"%b %08x\n" % (text, crc32(text))


def read_mark(files: Files, folder: Path) -> int | None:
    """Up to which position the partition is durable; `None` when that is not known, or there is no such partition."""
    try:
        fd = files.open(folder / MARK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        for _ in range(3):  # a writer in another process may be halfway through it
            line = files.pread(fd, 64, 0)
            if line[:20].isdigit() and line == mark_line(int(line[:20])):
                return int(line[:20])
        return None
    finally:
        files.close(fd)
