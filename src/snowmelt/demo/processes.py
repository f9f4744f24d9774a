"""Child processes of a laptop run: started, waited for, and their last words shown when they fail."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

LAST_LINES = 12


class StageError(RuntimeError):
    """A stage ended with an error; the message holds its name and the end of what it said."""


def snowmelt(*arguments: str) -> list[str]:
    """The command line of one of our verbs, run by this very interpreter."""
    return [sys.executable, "-m", "snowmelt.cli", *arguments]


def run(name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Runs a stage to its end; its output is shown."""
    code = subprocess.run(command, env=environ, check=False).returncode  # noqa: S603 - our own command line
    if code:
        raise StageError(f"{name} ended with exit code {code}")


def follow(
    name: str, command: Sequence[str], environ: Mapping[str, str], log: Path, told: Callable[[str], None]
) -> None:
    """Runs a stage to its end and hands over each line it prints; what it logs goes to ``log``."""
    with log.open("wb") as sink:
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=sink, text=True)  # noqa: S603
        with process:
            for line in process.stdout or ():
                told(line)
    if process.returncode:
        raise StageError(f"{name} ended with exit code {process.returncode}:\n{last_words(log)}")


@contextmanager
def running(
    name: str, command: Sequence[str], environ: Mapping[str, str], log: Path, health: str, patience_s: float = 30.0
) -> Iterator[None]:
    """A server for the time of a ``with`` block: ready when ``health`` answers 200, stopped at its end."""
    _refuse_if_taken(name, health)
    with log.open("wb") as sink:
        process = subprocess.Popen(command, env=environ, stdout=sink, stderr=sink)  # noqa: S603 - our own command line
        try:
            wait_until_healthy(name, process, log, health, patience_s)
            yield
        finally:
            process.terminate()
            try:
                code = process.wait(timeout=patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
    if code:
        raise StageError(f"{name} ended with exit code {code}:\n{last_words(log)}")


def _refuse_if_taken(name: str, address: str) -> None:
    """Raises StageError when somebody else listens there, who might well answer in the place of ours."""
    there = urlsplit(address)
    with suppress(OSError), socket.create_connection((there.hostname, there.port or 80), timeout=1):
        raise StageError(f"{name} cannot start: {there.netloc} is in use; free that port or set another one")


def wait_until_healthy(
    name: str, process: "subprocess.Popen[bytes]", log: Path, health: str, patience_s: float
) -> None:
    """Returns once ``health`` answers 200; raises StageError when the process ends before or the time is up."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StageError(f"{name} did not start:\n{last_words(log)}")
        try:
            with urllib.request.urlopen(health, timeout=1) as answer:  # noqa: S310 - a loopback address of ours
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise StageError(f"{name} does not answer at {health} after {patience_s:.0f} s:\n{last_words(log)}")


def last_words(log: Path) -> str:
    """The last lines of a log, indented."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return "\n".join(f"    {line}" for line in text)
