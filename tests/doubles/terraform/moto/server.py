"""A moto server in a process of its own, so that its threads and warnings are none of the tests'."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import ProxyHandler, Request, build_opener

_PROGRAM = Path(__file__).with_name("serve.py")
_DIRECT = build_opener(ProxyHandler({}))


class MotoServer:
    """Serves from entering to leaving, on a free port of the loopback interface. `url` is where."""

    url: str = ""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        port = self.process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"moto's server ended with {self.process.wait()}; try it: {sys.executable} {_PROGRAM}")
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.communicate()
        self.url = ""

    def reset(self) -> None:
        """Empties every service of every account."""
        _DIRECT.open(Request(f"{self.url}/moto-api/reset", method="POST")).close()
