"""The calls of the operating system that a log rests on, behind a seam: a test can pull the plug between any two."""

import errno
import fcntl
import os
from pathlib import Path
from typing import Final, Protocol

_FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)
"""macOS: `fsync` leaves the data in the drive's cache, only this empties it."""


def durable_sync(fd: int) -> None:
    """Returns once what was written to the file would survive a power cut.

    Raises OSError when that is not certain. It must not be called again then: the system reports a failed write only
    once and forgets the data, so a second call would succeed without them.
    """
    if _FULL_SYNC is None:
        os.fdatasync(fd)
    else:
        fcntl.fcntl(fd, _FULL_SYNC)


def fsync_dir(folder: Path) -> None:
    """Returns once the names in the folder (created, renamed, removed) would survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _FULL_SYNC is None:
            os.fsync(fd)
        else:
            fcntl.fcntl(fd, _FULL_SYNC)
    finally:
        os.close(fd)


class Files(Protocol):
    """Files by descriptor, as the operating system has them. Every method raises OSError as it does."""

    def open(self, path: Path, flags: int) -> int:
        """A descriptor; `flags` as in `os.open`."""
        ...

    def close(self, fd: int) -> None:
        """Frees the descriptor and its lock; nothing becomes durable by it."""
        ...

    def size(self, fd: int) -> int:
        """Length of the file in bytes."""
        ...

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        """Up to `size` bytes, fewer only at the end of the file."""
        ...

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> None:
        """Writes all of `data`."""
        ...

    def allocate(self, fd: int, size: int) -> None:
        """Makes the file `size` bytes long, the new part zeros, and takes the room for it where the system can."""
        ...

    def durable_sync(self, fd: int) -> None:
        """See the function of this name."""
        ...

    def fsync_dir(self, folder: Path) -> None:
        """See the function of this name."""
        ...

    def lock(self, fd: int) -> bool:
        """Whether this descriptor now holds the file's only lock, which ends with the descriptor or the process."""
        ...

    def make_dir(self, folder: Path) -> None:
        """Creates the folder with its parents; one that is there already is fine."""
        ...

    def names(self, folder: Path) -> list[str]:
        """What the folder holds, in no order; nothing when it does not exist."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Moves a file within its folder, replacing `target` at once."""
        ...

    def unlink(self, path: Path) -> None:
        """Removes the name; who has the file open may go on reading it."""
        ...


class RealFiles:
    """The operating system's own files."""

    def open(self, path: Path, flags: int) -> int:
        return os.open(path, flags, 0o600)

    def close(self, fd: int) -> None:
        os.close(fd)

    def size(self, fd: int) -> int:
        return os.fstat(fd).st_size

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        return os.pread(fd, size, offset)

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> None:
        written = os.pwrite(fd, data, offset)
        while written < len(data):
            written += os.pwrite(fd, memoryview(data)[written:], offset + written)

    def allocate(self, fd: int, size: int) -> None:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(fd, 0, size)
        else:
            os.ftruncate(fd, size)

    def durable_sync(self, fd: int) -> None:
        durable_sync(fd)

    def fsync_dir(self, folder: Path) -> None:
        fsync_dir(folder)

    def lock(self, fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def make_dir(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def names(self, folder: Path) -> list[str]:
        try:
            with os.scandir(folder) as entries:
                return [entry.name for entry in entries]
        except FileNotFoundError:
            return []

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def unlink(self, path: Path) -> None:
        path.unlink()


REAL: Final[Files] = RealFiles()


def is_full(error: OSError) -> bool:
    """Whether the disk, or the user's share of it, has no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
