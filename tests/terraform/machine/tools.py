"""Small programs of Debian that the tests run: unpacked for us alone, where they are not installed."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.browsers.machine import absent, find
from tests.doubles.terraform.wheels import cache, once

from snowmelt.proxy.debian import UnpackError, available, library_path, unpack


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


def system_program(name: str, package: str) -> str:
    """The same for one that Debian keeps where root's PATH alone leads; it finds its libraries by itself."""
    if found := find(name):
        return found
    files = unpacked(package)
    (place,) = [each for each in (files / "sbin" / name, files / "usr/sbin" / name) if each.is_file()]
    wrapper = files / f"run-{name}"
    wrapper.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{library_path(files)}" exec "{place}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    return str(wrapper)


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
