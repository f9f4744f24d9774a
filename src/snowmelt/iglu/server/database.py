"""The database, SQLite or PostgreSQL: connections, transactions that read, and transactions that write one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from snowmelt.iglu.server.settings import Database as Settings
from snowmelt.iglu.server.settings import Pool
from snowmelt.settings import seconds

_PATIENCE_MS: Final = 30_000
_WRITE: Final = "snowmelt_write"


class DatabaseError(RuntimeError):
    """A database that cannot be used; the message is one sentence and names no password."""


class Database:
    """One database and its connections. Threads share it; close it when done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, settings: Settings, file: Path) -> Self:
        """The configured database: SQLite in `file`, which is made where it is missing, or PostgreSQL.

        Nothing is connected to yet. Raises DatabaseError.
        """
        if settings.type == "postgres":
            return cls(_postgres(settings))
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"the database {file} cannot be opened: {error.strerror}") from None
        return cls(_sqlite(file, settings.pool))

    @property
    def kind(self) -> str:
        """What it is: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises sqlalchemy's errors."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, subject: str) -> Iterator[Connection]:
        """A transaction that no other one on the same subject overlaps, in this process or another.

        What it wrote is durable when it ends without an exception. SQLite has one writer at a time whatever the
        subject; PostgreSQL holds a lock on it, so that what is read here is still so when it is written.
        """
        with self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITE: True})
            with connection.begin():
                if self.kind == "postgresql":
                    lock = text("select pg_advisory_xact_lock(hashtextextended(:subject, 0))")
                    connection.execute(lock, {"subject": subject})
                yield connection

    def ping(self) -> bool:
        """Whether it answers."""
        try:
            with self.reading() as connection:
                return bool(connection.execute(text("select 1")).scalar_one())
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Lets go of every connection."""
        self._engine.dispose()


def _postgres(settings: Settings) -> Engine:
    url = URL.create(
        "postgresql+psycopg",
        username=settings.username or None,
        password=settings.password or None,
        host=settings.host,
        port=settings.port,
        database=settings.dbname,
    )
    arguments = {"connect_timeout": max(1, int(seconds(settings.pool.connection_timeout)))}
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, **_pooled(settings.pool))


def _sqlite(file: Path, pool: Pool) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(file)), **_pooled(pool))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _pooled(pool: Pool) -> dict[str, Any]:
    """Never a statement's values in an error: they are schemas and hashes of keys."""
    return {
        "pool_size": pool.maximum_pool_size,
        "max_overflow": 0,
        "pool_timeout": seconds(pool.connection_timeout),
        "hide_parameters": True,
    }


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
    """A writer does not wait for readers (WAL), and what it committed survives a power cut (FULL)."""
    connection.isolation_level = None  # transactions begin below, not when the driver thinks so
    for pragma in (f"busy_timeout = {_PATIENCE_MS}", "journal_mode = wal", "synchronous = full", "fullfsync = on"):
        connection.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    """A writer begins as one: two that began as readers could both have read what only one of them may change."""
    connection.exec_driver_sql("begin immediate" if connection.get_execution_options().get(_WRITE) else "begin")
