"""Where a lake's files lie: the seam, and a folder of a local disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from snowmelt.streams.files import REAL, Files


class LakeError(RuntimeError):
    """A lake that cannot be written to or gone on with; the message says which and what to do."""


class Store(Protocol):
    """Files by key, such as ``run=…/positions.json``. Infrastructure that fails raises OSError."""

    def put(self, key: str, data: bytes) -> None:
        """Stores all of the data or nothing that a reader sees; returns when it would survive a power cut."""
        ...

    def get(self, key: str) -> bytes:
        """The data. Raises FileNotFoundError."""
        ...

    def list(self, prefix: str) -> list[str]:
        """The keys that begin with the prefix, sorted."""
        ...

    def delete(self, prefix: str) -> None:
        """Removes the keys that begin with the prefix, the last first, so that a run folder loses its marker first."""
        ...

    def uri(self, key: str) -> str:
        """Where a reader outside of the process finds the key, such as ``file:///…`` or ``s3://…``."""
        ...


_UNFINISHED = ".unfinished"
_LOCK = "lock"


class LocalStore:
    """A folder. What other users of the machine may read is decided by the folder itself."""

    def __init__(self, root: Path, files: Files = REAL) -> None:
        """The store in this folder, which is made when something is first put into it."""
        self.root = root.absolute()
        self._files = files

    def put(self, key: str, data: bytes) -> None:
        """Writes beside the place, syncs, renames, and syncs the folder."""
        target = self.root / key
        self._make_folder(target.parent)
        unfinished = target.with_name(target.name + _UNFINISHED)
        descriptor = self._files.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            self._files.pwrite(descriptor, data, 0)
            self._files.durable_sync(descriptor)
        finally:
            self._files.close(descriptor)
        self._files.rename(unfinished, target)
        self._files.fsync_dir(target.parent)

    def get(self, key: str) -> bytes:
        """Reads the whole file."""
        return (self.root / key).read_bytes()

    def list(self, prefix: str) -> list[str]:
        """Walks the folder the prefix begins with, or all."""
        keys = (file.relative_to(self.root).as_posix() for file in self._under(prefix))
        return sorted(key for key in keys if key.startswith(prefix) and not key.endswith(_UNFINISHED))

    def delete(self, prefix: str) -> None:
        """Removes the files, unfinished ones too, and the folders they leave empty."""
        files = sorted((file for file in self._under(prefix) if self._key(file).startswith(prefix)), reverse=True)
        for file in files:
            self._files.unlink(file)
            self._files.fsync_dir(file.parent)
        for folder in sorted({parent for file in files for parent in file.parents}, reverse=True):
            if folder.is_relative_to(self.root) and folder != self.root and not any(folder.iterdir()):
                folder.rmdir()
                self._files.fsync_dir(folder.parent)

    @contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Keeps other processes from writing to the lake meanwhile. Raises LakeError when one already does."""
        self._make_folder(self.root)
        lock = self._files.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT)
        try:
            if not self._files.lock(lock):
                raise LakeError(f"another process writes to the lake {self.root}; stop it first, or write to another")
            yield
        finally:
            self._files.close(lock)

    def uri(self, key: str) -> str:
        """The file's own URI; of a key that ends in a slash, its folder's."""
        return f"file://{quote(str(self.root / key), safe='/=')}{'/' if key.endswith('/') else ''}"

    def _key(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()

    def _under(self, prefix: str) -> Iterator[Path]:
        folder, slash, _ = prefix.rpartition("/")
        top = self.root / folder if slash else self.root
        return (file for file in top.rglob("*") if file.is_file())

    def _make_folder(self, folder: Path) -> None:
        """Creates a folder so that its name too survives a power cut."""
        if not folder.is_dir():
            self._make_folder(folder.parent)
            self._files.make_dir(folder)
            self._files.fsync_dir(folder.parent)
