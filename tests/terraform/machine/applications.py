"""What the units run, started here: the rendered command with the rendered environment, on free ports."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.terraform.machine.boxes import Box

PATIENCE_S = 60


def command(box: Box, key: str, folder: Path) -> list[str]:
    """The command of a container, with this machine's Python and its files in a folder."""
    box.write(folder, "/etc/snowmelt/")
    words = list(box.container(key).command)
    for place in ("etc/snowmelt", "opt/snowmelt"):
        words = [word.replace(f"/{place}", str(folder / place)) for word in words]
    assert words[0] == "snowmelt"
    return [str(Path(sys.executable).parent / "snowmelt"), *words[1:]]


@contextmanager
def started(
    box: Box, key: str, folder: Path, root: Path, changes: Mapping[str, str], *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A container's application, with ports and folders that are free here in place of a machine's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    environment = clean | box.environment(key) | {"SNOWMELT_HOME": str(folder / "state")} | dict(changes)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / f"{key}.log").open("wb") as log,
        subprocess.Popen(
            [*command(box, key, folder), *arguments], env=environment, cwd=root, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
    assert process.returncode == 0, (folder / f"{key}.log").read_text(encoding="utf-8")


def healthy(process: subprocess.Popen[bytes], address: str) -> None:
    """Waits until a health page answers 200."""
    until = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None, f"it ended with {process.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
