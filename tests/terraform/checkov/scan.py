"""Checkov over a folder of configuration: what it found, from an environment of its own."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.terraform.wheels import MissingToolError, cache, once, say

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One check that a resource fails. `module` is the folder that it is written in, below the scanned one."""

    check: str
    module: str
    resource: str
    name: str

    def __str__(self) -> str:
        return f"{self.check} {self.module} {self.resource}: {self.name}"


@dataclass(frozen=True, slots=True)
class Scan:
    """What failed, each once however often its module is called, and how many checks passed."""

    findings: list[Finding]
    passed: int
    unread: list[str]


def scan(folder: Path, work: Path) -> Scan:
    """Asks checkov once, with no network. `work` takes what it wants to keep in a home folder."""
    command = [_python(), "-m", "checkov.main", "--directory", str(folder), "--framework", "terraform"]
    command += ["--output", "json", "--quiet", "--compact", "--skip-download", "--soft-fail"]
    command += ["--skip-path", "/examples/"]  # they only call what is scanned anyway, and take as long again
    environment = {"PATH": os.environ["PATH"], "HOME": str(work), "LOG_LEVEL": "ERROR", "LC_ALL": "C.UTF-8"}
    environment |= {"CHECKOV_PARALLELIZATION_TYPE": "none"}  # other processes have no use on two cores
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=work, check=False)
    if done.returncode:
        raise AssertionError(f"checkov failed: {done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    results = report["results"]
    return Scan(
        sorted(set(_findings(results["failed_checks"], folder))),
        report["summary"]["passed"],
        sorted(results.get("parsing_errors", [])),
    )


def _findings(failed: list[dict[str, Any]], folder: Path) -> Iterator[Finding]:
    for found in failed:
        file = Path(found["file_abs_path"]).resolve().relative_to(folder.resolve())
        # An address begins with the modules that lead to the resource: the last two words and a key are its own.
        resource = ".".join(found["resource"].rsplit("module.", 1)[-1].split(".")[-2:])
        yield Finding(found["check_id"], str(file.parent), resource.partition("[")[0], found["check_name"])


def _python() -> str:
    """The interpreter of checkov's environment, built at the first use."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return str(once(cache() / f"checkov-{version}-{digest}", _build) / "bin" / "python")


def _build(folder: Path) -> None:
    say("building checkov's environment for the Terraform tests, once; this takes a minute or two")
    venv.create(folder, with_pip=False, symlinks=True)
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", folder / "bin" / "python", REQUIREMENTS],
        capture_output=True,
        text=True,
        env=os.environ | {"UV_PYTHON_DOWNLOADS": "never"},
        check=False,
    )
    if done.returncode:
        raise MissingToolError(
            "the Terraform tests need checkov, which uv could not install. With an index in reach run "
            f"`uv pip install --require-hashes -r {REQUIREMENTS}` in an empty environment to see why. "
            f"uv said:\n{done.stderr.strip()}"
        )
