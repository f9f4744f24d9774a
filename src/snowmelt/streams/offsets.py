"""How far each consumer has got, in a SQLite file that several processes may share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from snowmelt.streams.log import StreamError

_VERSION: Final = 1
_CREATE: Final = f"""
begin immediate;
create table if not exists offsets (
    consumer text not null,
    partition text not null,
    position text not null,
    primary key (consumer, partition)
) strict, without rowid;
pragma user_version = {_VERSION};
commit;
"""
_COMMIT: Final = """
insert into offsets (consumer, partition, position) values (?, ?, ?)
on conflict do update set position = excluded.position where excluded.position > position
"""
_PATIENCE_SECONDS: Final = 10.0


class SqliteOffsets:
    """The `Offsets` in the file at `path`, created where it is missing. Raises StreamError when it cannot be used.

    A commit is durable when it returns. Threads may share it; close it when done.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._usable():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # No transactions of Python's: each statement is one of SQLite's.
            self._database = sqlite3.connect(
                path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise

    def get(self, consumer: str, partition: str) -> str | None:
        """See `Offsets.get`."""
        return self._one("select position from offsets where consumer = ? and partition = ?", consumer, partition)

    def commit(self, consumer: str, partition: str, position: str) -> None:
        """See `Offsets.commit`."""
        with self._usable():
            self._database.execute(_COMMIT, (consumer, partition, position))

    def smallest(self, partition: str) -> str | None:
        """The position that every consumer known here has reached: what a log may forget."""
        return self._one("select min(position) from offsets where partition = ?", partition)

    def largest(self, partition: str) -> str | None:
        """The position that some consumer has reached: what a log must stay above."""
        return self._one("select max(position) from offsets where partition = ?", partition)

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    def _prepare(self) -> None:
        with self._usable():
            execute = self._database.execute
            version = execute("pragma user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise StreamError(f"{self._path} is of version {version}; this program knows version {_VERSION}")
            execute(
                "pragma synchronous = extra"
            )  # a commit also survives that its journal comes back after a power cut
            execute("pragma fullfsync = on")  # macOS: see files.durable_sync
            if version == 0:
                self._database.executescript(_CREATE)

    def _one(self, query: str, *values: str) -> str | None:
        with self._usable():
            row = self._database.execute(query, values).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StreamError(f"the offsets in {self._path} cannot be used: {error}") from error
