"""Finds every process that a run of the platform started, whoever its parent is by now."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MARK = "SNOWMELT_UP"
"""An environment variable that names the state folder. All that a stage starts inherits it, whatever its session."""


def marked(root: Path) -> dict[str, str]:
    """What marks a process as one of a state folder's."""
    return {
        MARK: str(root),
        "SPT_NOENV": "1",  # Airflow's workers change their titles, and would write them over their environment
    }


def kill_all(root: Path, sessions: Iterable[int] = (), patience_s: float = 5.0) -> int:
    """Kills what a state folder's stages started, until nothing is left, and gives how many processes that were.

    Those with the mark, whoever shares a session with one of them, and whoever is in one of ``sessions``, which our
    stages led: one whose leader is there is somebody else's by now.
    """
    known = {session for session in sessions if not psutil.pid_exists(session)}
    killed = set()
    while found := _find(root, known):
        for process in found:
            killed.add(process.pid)
            with suppress(psutil.Error):
                process.kill()
        _, alive = psutil.wait_procs(found, timeout=patience_s)
        if alive:
            break  # in the kernel's hands: a disk that does not answer
    return len(killed)


def _find(root: Path, sessions: set[int]) -> list[psutil.Process]:
    """The processes that are there now. Adds the sessions of those with the mark."""
    living = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE:
                living[process] = os.getsid(process.pid)
    for process, session in living.items():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(root):
                sessions.add(session)
    ours = os.getsid(0)
    return [process for process, session in living.items() if session in sessions and session != ours]
