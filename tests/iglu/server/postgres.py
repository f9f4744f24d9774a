"""A PostgreSQL server of its own for the tests: Debian's binaries, a folder that is removed, no port."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg

USER = "snowmelt"


def binaries() -> Path | None:
    """The folder of initdb and postgres, of the newest version there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@contextmanager
def running(home: Path) -> Iterator[Path]:
    """A server; gives the folder of its socket, which is a host for clients. It is not safe from power cuts."""
    folder = Path(tempfile.mkdtemp(prefix="snowmelt-pg-"))  # short, as a socket's path has to be, and open to its owner
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    who = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data = folder / "data"
    try:
        initdb = [home / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [home / "postgres", "-D", data, *options], stderr=log, cwd=folder, preexec_fn=_end_with_tests, **who
            ) as process,
        ):
            try:
                _wait(folder)
                yield folder
            finally:
                process.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def execute(folder: Path, statement: str, database: str = "postgres") -> None:
    """Runs one statement outside of a transaction."""
    with psycopg.connect(host=str(folder), user=USER, dbname=database, autocommit=True) as connection:
        connection.execute(statement)


def _end_with_tests() -> None:
    """Lets the server end when the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _wait(folder: Path) -> None:
    deadline = monotonic() + 30
    while True:
        try:
            execute(folder, "select 1")
        except psycopg.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(0.05)
        else:
            return
