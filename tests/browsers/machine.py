"""What a machine may lack: programs that no package of ours brings."""

import os
import shutil
import sys
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
