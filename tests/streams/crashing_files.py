"""A disk in memory whose plug can be pulled: whatever was not synced may be gone, in part or whole.

It is harsher than the file systems we know, and allows what POSIX does:

- a sync of a file does not make its name durable, a sync of the folder does not make the content durable;
- of what was not synced, every sector (64 bytes here) survives on its own, in any of the versions it had;
- of the names changed in a folder, every change survives on its own.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path
from random import Random

SECTOR = 64

Survives = Callable[[int], bool]
"""Whether something not synced reaches the disk, given the number of the operation that wrote it."""


class Crash(BaseException):
    """The process ends here; nothing it would do afterwards happens."""


@dataclass(frozen=True)
class Site:
    """A place in the code that asks for something to be durable."""

    call: str
    caller: str
    folder: str = ""

    def __str__(self):
        return f"{self.call}({self.folder}) in {self.caller}"


@dataclass
class File:
    cache: bytearray = field(default_factory=bytearray)
    disk: bytearray = field(default_factory=bytearray)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    sectors: list[tuple[int, int, bytes]] = field(default_factory=list)
    locked_by: int | None = None

    def write(self, order: int, data: bytes, offset: int) -> None:
        if offset + len(data) > len(self.cache):
            self.resize(order, offset + len(data))
        self.cache[offset : offset + len(data)] = data
        for start in range(offset // SECTOR * SECTOR, offset + len(data), SECTOR):
            self.sectors.append((order, start, bytes(self.cache[start : start + SECTOR])))

    def resize(self, order: int, size: int) -> None:
        del self.cache[size:]
        self.cache.extend(bytes(size - len(self.cache)))
        self.sizes.append((order, size))

    def power_cut(self, survives: Survives) -> None:
        self.sync(survives)
        self.cache[:] = self.disk

    def forget(self) -> None:
        """Nothing waits to be written any more, though the cache has it: what a failed sync leaves behind."""
        self.sizes.clear()
        self.sectors.clear()

    def sync(self, survives: Survives) -> None:
        size = next((size for order, size in reversed(self.sizes) if survives(order)), len(self.disk))
        del self.disk[size:]
        self.disk.extend(bytes(size - len(self.disk)))
        for order, start, content in self.sectors:
            if start < size and survives(order):
                self.disk[start : start + SECTOR] = content[: size - start]
        self.forget()


@dataclass
class Folder:
    cache: dict[str, "File | Folder"] = field(default_factory=dict)
    disk: dict[str, "File | Folder"] = field(default_factory=dict)
    changes: list[tuple[int, dict[str, "File | Folder | None"]]] = field(default_factory=list)

    def change(self, order: int, names: dict[str, "File | Folder | None"]) -> None:
        self.changes.append((order, names))
        self.cache = _changed(self.cache, names)

    def sync(self) -> None:
        self.disk = dict(self.cache)
        self.changes.clear()

    def power_cut(self, survives: Survives) -> None:
        for order, names in self.changes:
            if survives(order):
                self.disk = _changed(self.disk, names)
        self.cache = dict(self.disk)
        self.changes.clear()
        for node in self.disk.values():
            node.power_cut(survives)


def _changed(entries, names):
    return {name: node for name, node in {**entries, **names}.items() if node is not None}


class CrashingFiles:
    """The `Files` of one machine, with one empty folder `root` that is durable.

    `ignored`: a site whose syncs do nothing, to see that it is needed. `sites` counts those that were come upon.
    `meanwhile`: called before every operation that changes something; what another process does at that moment.
    """

    def __init__(self, root: Path = Path("/disk"), ignored: Site | None = None) -> None:
        self.root = root
        self.ignored = ignored
        self.meanwhile: Callable[[], None] = lambda: None
        self.sites: Counter[Site] = Counter()
        self.operations = 0
        self._crash_at: int | None = None
        self._dead = False
        self._faults: dict[str, list[OSError | None]] = {}
        self._tree = Folder()
        self._open: dict[int, File] = {}
        self._next_fd = 100

    # What happens to the machine

    def crash_after(self, operations: int) -> None:
        """The process crashes instead of the operation that follows so many more; a write may then be done in half."""
        self._crash_at = self.operations + operations

    def fail(self, call: str, *errors: OSError | None) -> None:
        """The next calls of this name raise these in turn; `None` lets one pass."""
        self._faults[call] = list(errors)

    def kill(self) -> None:
        """The process is gone: its descriptors and locks with it. The system and its cache live on."""
        for fd in list(self._open):
            self.close(fd)
        self._crash_at = None
        self._dead = False
        self._faults.clear()

    def power_cut(self, survives: Survives) -> None:
        """The machine starts again from what is on the disk."""
        self.kill()
        self._tree.power_cut(survives)

    # What a process asks for

    def open(self, path: Path, flags: int) -> int:
        folder = self._folder(path.parent)
        node = folder.cache.get(path.name)
        if node is None:
            if not flags & os.O_CREAT:
                raise FileNotFoundError(path)
            order = self._operation("open")
            node = File()
            folder.change(order, {path.name: node})
        assert isinstance(node, File)
        if flags & os.O_TRUNC and node.cache:
            node.resize(self._operation("open"), 0)
        self._next_fd += 1
        self._open[self._next_fd] = node
        return self._next_fd

    def close(self, fd: int) -> None:
        file = self._open.pop(fd, None)
        if file is not None and file.locked_by == fd:
            file.locked_by = None

    def size(self, fd: int) -> int:
        return len(self._open[fd].cache)

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        return bytes(self._open[fd].cache[offset : offset + size])

    def pwrite(self, fd: int, data: bytes, offset: int) -> None:
        file = self._open[fd]
        try:
            order = self._operation("pwrite")
        except (Crash, OSError):
            file.write(self.operations, data[: len(data) // 2], offset)  # a write is not done at once
            raise
        file.write(order, data, offset)

    def allocate(self, fd: int, size: int) -> None:
        self._open[fd].resize(self._operation("allocate"), size)

    def durable_sync(self, fd: int) -> None:
        file = self._open[fd]
        site = Site("durable_sync", sys._getframe(1).f_code.co_qualname)
        self.sites[site] += 1
        try:
            self._operation("durable_sync")
        except OSError:
            file.forget()
            raise
        if site != self.ignored:
            file.sync(everything)

    def fsync_dir(self, folder: Path) -> None:
        if not folder.is_relative_to(self.root):
            raise PermissionError(folder)
        place = str(folder.relative_to(self.root.parent))
        site = Site("fsync_dir", sys._getframe(1).f_code.co_qualname, place)
        self.sites[site] += 1
        self._operation("fsync_dir")
        if site != self.ignored:
            self._folder(folder).sync()

    def lock(self, fd: int) -> bool:
        file = self._open[fd]
        if file.locked_by is None:
            file.locked_by = fd
        return file.locked_by == fd

    def make_dir(self, folder: Path) -> None:
        if folder != self.root:
            self.make_dir(folder.parent)
            parent = self._folder(folder.parent)
            if folder.name not in parent.cache:
                parent.change(self._operation("make_dir"), {folder.name: Folder()})

    def names(self, folder: Path) -> list[str]:
        try:
            return list(self._folder(folder).cache)
        except FileNotFoundError:
            return []

    def rename(self, source: Path, target: Path) -> None:
        folder = self._folder(source.parent)
        folder.change(self._operation("rename"), {source.name: None, target.name: folder.cache[source.name]})

    def unlink(self, path: Path) -> None:
        folder = self._folder(path.parent)
        if path.name not in folder.cache:
            raise FileNotFoundError(path)
        folder.change(self._operation("unlink"), {path.name: None})

    def _folder(self, path: Path) -> Folder:
        folder = self._tree
        for name in path.relative_to(self.root).parts:
            node = folder.cache.get(name)
            if node is None:
                raise FileNotFoundError(path)
            if not isinstance(node, Folder):
                raise NotADirectoryError(path)
            folder = node
        return folder

    def _operation(self, call: str) -> int:
        """The number of the operation, if the process lives to do it."""
        if self._dead or self.operations == self._crash_at:
            self._dead = True
            raise Crash
        self.meanwhile()
        self.operations += 1
        faults = self._faults.get(call)
        error = faults.pop(0) if faults else None
        if error is not None:
            raise error
        return self.operations


def nothing(order: int) -> bool:
    """All that was not synced is lost."""
    return False


def everything(order: int) -> bool:
    """The disk was quick."""
    return True


def first(order: int) -> Survives:
    """The disk wrote in order and came so far."""
    return lambda written: written <= order


def at_random(rng: Random) -> Survives:
    """The disk wrote in any order."""
    share = rng.choice((0.2, 0.5, 0.8))
    return lambda order: rng.random() < share


def disk_full() -> OSError:
    return OSError(ENOSPC, os.strerror(ENOSPC))
