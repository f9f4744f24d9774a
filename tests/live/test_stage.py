"""A stage is well when its address says so, and says so itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from snowmelt.live.stage import Health


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """The address of a server that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/health"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "part", "well"),
    [
        (200, b"ok", None, True),
        (503, b"full", None, False),
        (204, b"", None, False),
        (200, b'{"scheduler": {"status": "healthy"}}', "scheduler", True),
        (200, b'{"scheduler": {"status": "unhealthy"}}', "scheduler", False),
        (200, b'{"scheduler": {"status": null}, "triggerer": null}', "triggerer", False),
        (200, b"{}", "scheduler", False),
        (200, b"[]", "scheduler", False),
        (200, b"not JSON", "scheduler", False),
    ],
)
def test_health(status: int, body: bytes, part: str | None, well: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # loopback is asked directly, whatever the shell says
    with answering(status, body) as url:
        assert Health(url, part).holds() is well


def test_nobody_there(unused_tcp_port: int) -> None:
    assert not Health(f"http://127.0.0.1:{unused_tcp_port}/health").holds()


def test_a_certificate_that_is_not_made_yet(unused_tcp_port: int) -> None:
    assert not Health(f"https://127.0.0.1:{unused_tcp_port}/health", certificate="/nowhere.pem").holds()
