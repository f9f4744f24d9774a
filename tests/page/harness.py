"""The page's server as a process."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "snowmelt.page.main"]

_LISTENING = re.compile(r" INFO snowmelt\.page listening on 127\.0\.0\.1:(\d+)$")


@contextmanager
def started(dist: Path, home: Path, root: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that listens, and its port. It is killed at the end if it still runs."""
    command = [*COMMAND, "--port", "0", "--dist", str(dist)]
    environ = environment(home) | settings
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=root, env=environ) as process:
        assert process.stderr
        try:
            found = (_LISTENING.search(line) for line in process.stderr)
            yield process, int(next(match for match in found if match)[1])
        finally:
            process.kill()


def environment(home: Path) -> dict[str, str]:
    """The caller's, with the state in ``home``."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    return clean | {"SNOWMELT_HOME": str(home)}
