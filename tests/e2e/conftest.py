"""A laptop for each test."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.laptop import Laptop


@pytest.fixture
def laptop(tmp_path: Path, root: Path) -> Callable[[str], Laptop]:
    """Makes a laptop that lives in the given time zone."""

    def make(timezone: str = "UTC") -> Laptop:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            second.bind(("127.0.0.1", 0))
            return Laptop(tmp_path / "state", root, timezone, first.getsockname()[1], second.getsockname()[1])

    return make
