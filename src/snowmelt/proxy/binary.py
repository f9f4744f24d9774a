"""Where Nginx is: installed, or unpacked for us alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from snowmelt.proxy import debian
from snowmelt.proxy.debian import UnpackError

PACKAGES = ("nginx", "nginx-light", "nginx-core")
"""Debian and Ubuntu keep the program in one or another of these, by release."""
SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin")
"""Where it lies when it is not on the PATH, as for users of Debian."""


class MissingNginxError(RuntimeError):
    """No Nginx, and none to be had; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A program that can be run."""

    program: Path
    library_path: str = ""
    """Where the libraries lie that the machine lacks."""

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment to run it in."""
        found = filter(None, (self.library_path, environ.get("LD_LIBRARY_PATH")))
        return {**environ, "LD_LIBRARY_PATH": os.pathsep.join(found)} if self.library_path else dict(environ)


def find(tools: Path, environ: Mapping[str, str] = os.environ) -> Nginx | None:
    """The installed Nginx, else the one unpacked before; None where there is neither."""
    path = os.pathsep.join((environ.get("PATH", ""), *SYSTEM_FOLDERS))
    if found := shutil.which("nginx", path=path):
        return Nginx(Path(found))
    return _unpacked(tools / "nginx")


def obtain(tools: Path, environ: Mapping[str, str] = os.environ) -> Nginx:
    """An Nginx that runs: installed, unpacked before, or unpacked now into ``tools``. Raises MissingNginxError."""
    if found := find(tools, environ):
        return found
    reason = ""
    if debian.available(environ):
        for package in PACKAGES:
            try:
                debian.unpack(package, tools / "nginx")
            except (UnpackError, OSError) as error:
                reason = reason or f" ({error})"
                continue
            if found := _unpacked(tools / "nginx"):
                return found
    raise MissingNginxError(f"there is no nginx on this machine{reason}: {advice()}")


def advice(platform: str = sys.platform) -> str:
    """The line that installs it."""
    if platform == "darwin":
        return "install it with `brew install nginx`"
    return "install it with `sudo apt-get install nginx` on Debian and Ubuntu, `sudo dnf install nginx` on Fedora"


def _unpacked(folder: Path) -> Nginx | None:
    """The program in an unpacked package, if it is there and runs."""
    nginx = Nginx(folder / "usr" / "sbin" / "nginx", debian.library_path(folder))
    try:
        said = subprocess.run([nginx.program, "-v"], env=nginx.environment(), capture_output=True, check=False)  # noqa: S603
    except OSError:
        return None
    return nginx if said.returncode == 0 else None
