"""Small programs of Debian that the tests run: unpacked for us alone, where they are not installed."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.browsers.machine import absent
from tests.doubles.terraform.wheels import cache, once

from snowmelt.proxy.debian import UnpackError, available, unpack


def unpacked(package: str) -> Path:
    """The folder of a Debian package's files."""
    if not available():
        absent(f"{package} is not here, and there is no apt-get to fetch it with")
    try:
        return once(cache() / f"debian-{package}", lambda folder: unpack(package, folder / "files")) / "files"
    except UnpackError as error:
        absent(f"{package} cannot be fetched: {error}")


def program(name: str, package: str) -> str:
    """The path of a program that is installed, or unpacked."""
    return shutil.which(name) or str(unpacked(package) / "usr" / "bin" / name)


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a program said, whether or not it succeeded."""
    return subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
