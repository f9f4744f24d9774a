"""Debian packages unpacked into a folder of our own: nothing is installed, and nobody has to be root."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_PATIENCE_S = 180


class UnpackError(RuntimeError):
    """A package that could not be fetched or unpacked; the message holds what the tool said."""


def available(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this machine has Debian's tools."""
    return all(shutil.which(tool, path=environ.get("PATH")) for tool in ("apt-get", "dpkg-deb", "dpkg-query"))


def unpack(package: str, folder: Path) -> None:
    """Fetches a package and the libraries of it that are not installed, and unpacks all of them into ``folder``.

    The folder appears when everything is in it. Raises UnpackError and OSError.
    """
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    downloads = unfinished / "downloads"
    downloads.mkdir(parents=True)
    try:
        archive = _fetch([package], downloads)[0]
        missing = [name for name in _libraries(archive) if not _installed(name)]
        archives = [archive, *(_fetch(missing, downloads) if missing else ())]
        for each in archives:
            _run(["dpkg-deb", "--extract", str(each), str(unfinished)])
        shutil.rmtree(downloads)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def library_path(folder: Path) -> str:
    """Where the unpacked libraries lie, as LD_LIBRARY_PATH wants it; empty where there are none."""
    return os.pathsep.join(sorted(str(found) for found in folder.glob("**/lib/*-linux-gnu*") if found.is_dir()))


def _fetch(packages: Sequence[str], downloads: Path) -> list[Path]:
    """The archives that came. The system's own cache is left as it is."""
    before = set(downloads.glob("*.deb"))
    cache = downloads / "cache"
    (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "-o", f"Dir::Cache={cache}", "download", *packages], downloads)
    return sorted(set(downloads.glob("*.deb")) - before)


def _libraries(archive: Path) -> Iterator[str]:
    """The libraries that a package names as its dependencies, the first of each set of alternatives."""
    for dependency in _run(["dpkg-deb", "--field", str(archive), "Depends"]).split(","):
        name = dependency.strip().partition(" ")[0].partition(":")[0]
        if name.startswith(("lib", "zlib")):
            yield name


def _installed(package: str) -> bool:
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}\n", package]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=_PATIENCE_S)  # noqa: S603
    return "installed" in answer.stdout.splitlines()


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    """What a command prints. Raises UnpackError where it fails."""
    environ = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - Debian's own tools with our arguments
            command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        raise UnpackError(f"{command[0]} took longer than {_PATIENCE_S} seconds") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise UnpackError(f"{command[0]} said: {said[-1] if said else f'nothing, and ended with {done.returncode}'}")
    return done.stdout
