"""What tests ask of a machine: programs that no package of ours brings, and free ports."""

import os
import shutil
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", str(Path(sys.executable).parent)))
"""Where programs are looked for: Debian keeps servers where only root's PATH leads, and PyPI's Node is in .venv."""


def find(*names: str) -> str | None:
    """The path of the first of these programs that is there."""
    return next(filter(None, (shutil.which(name, path=PLACES) for name in names)), None)


def program(*names: str) -> str:
    """The same; without any the test is skipped."""
    return find(*names) or absent(f"{names[0]} is not installed: run `make browsers`")


def absent(sentence: str) -> NoReturn:
    """Skips a test for what the machine lacks; where CI is set nothing may be lacking, and the test fails."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def free_ports(number: int) -> list[int]:
    """Different ports of the loopback address on which nothing listens."""
    with ExitStack() as bound:
        probes = [bound.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
