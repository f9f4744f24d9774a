"""Keeps the states of stacks, as a remote backend does.

Terraform's own local backend compares and writes the whole state after each resource, which takes most of the time that
an apply of some hundred resources needs; a remote one is sent the state at the end.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class States:
    """An HTTP backend on the loopback address, from `start` to `stop`; each state lies in a file."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listens."""
        self._server = _Server(self._files)
        self._thread = threading.Thread(target=self._server.serve_forever, name="states", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the port; the files stay."""
        assert self._server and self._thread
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def address(self, file: Path) -> str:
        """Where Terraform reads and writes the state that lies in a file."""
        assert self._server, "the cloud serves inside of its with statement only"
        path = f"/{len(self._files)}"
        self._files[path] = file
        return f"http://127.0.0.1:{self._server.server_port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, files: dict[str, Path]) -> None:
        self.files = files
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        file = self.server.files.get(self.path)
        found = file.read_bytes() if file and file.exists() else b""
        self.send_response(200 if found else 204)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.files[self.path].write_bytes(content)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it so
        """Says nothing: what is asked for is no news."""
