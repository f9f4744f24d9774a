"""Stages are started, followed and stopped; one that fails is named and its last words are shown."""

import os
import socket
import sys
from pathlib import Path

import pytest

from snowmelt.demo.main import project_folder
from snowmelt.demo.processes import LAST_LINES, StageError, follow, last_words, run, running
from snowmelt.workspace import WorkspaceError

SERVER = """
import http.server, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(sys.argv[2])))
server.serve_forever()
"""


def python(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", script, *arguments]


def test_a_stage_that_fails_is_named_with_its_exit_code() -> None:
    run("the first", python(""), os.environ)
    with pytest.raises(StageError, match="the second ended with exit code 3"):
        run("the second", python("import sys; sys.exit(3)"), os.environ)


def test_each_line_of_a_followed_stage_is_handed_over(tmp_path: Path) -> None:
    told: list[str] = []
    follow("a stage", python("print(1); print(2)"), os.environ, tmp_path / "log", told.append)
    assert told == ["1\n", "2\n"]


def test_a_followed_stage_that_fails_shows_what_it_logged(tmp_path: Path) -> None:
    script = "import sys; print('no such folder', file=sys.stderr); sys.exit(2)"
    with pytest.raises(StageError, match=r"a stage ended with exit code 2:\n    no such folder"):
        follow("a stage", python(script), os.environ, tmp_path / "log", lambda _: None)


def test_a_server_runs_for_the_time_of_the_block(tmp_path: Path, unused_tcp_port: int) -> None:
    health = f"http://127.0.0.1:{unused_tcp_port}/health"
    command = python(SERVER, str(unused_tcp_port), "0")
    for _ in range(2):  # the port is free again after the block
        with running("a server", command, os.environ, tmp_path / "log", health):
            pass


def test_a_server_is_not_taken_for_another_one_on_its_port(tmp_path: Path) -> None:
    """That one would get all that is sent."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with (
            pytest.raises(StageError, match=f"a server cannot start: {address} is in use; free that port"),
            running("a server", python(""), os.environ, tmp_path / "log", f"http://{address}/health"),
        ):
            pytest.fail("the block must not run")


def test_a_server_that_does_not_stop_well_is_told(tmp_path: Path, unused_tcp_port: int) -> None:
    health = f"http://127.0.0.1:{unused_tcp_port}/health"
    command = python(SERVER, str(unused_tcp_port), "4")
    with (
        pytest.raises(StageError, match="a server ended with exit code 4"),
        running("a server", command, os.environ, tmp_path / "log", health),
    ):
        pass


def test_a_server_that_dies_at_its_start_is_told_with_its_words(tmp_path: Path, unused_tcp_port: int) -> None:
    health = f"http://127.0.0.1:{unused_tcp_port}/health"
    command = python("import sys; sys.exit('port 8080 is in use')")
    with (
        pytest.raises(StageError, match=r"a server did not start:\n    port 8080 is in use"),
        running("a server", command, os.environ, tmp_path / "log", health),
    ):
        pytest.fail("the block must not run")


def test_a_server_that_never_answers_is_stopped(tmp_path: Path, unused_tcp_port: int) -> None:
    health = f"http://127.0.0.1:{unused_tcp_port}/health"
    command = python("import signal; signal.pause()")
    with (
        pytest.raises(StageError, match="does not answer"),
        running("a server", command, os.environ, tmp_path / "log", health, patience_s=0.2),
    ):
        pytest.fail("the block must not run")


def test_only_the_last_lines_of_a_log_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join(str(number) for number in range(100)))
    assert last_words(log).splitlines() == [f"    {number}" for number in range(100 - LAST_LINES, 100)]


def test_the_project_is_the_checkout_or_the_folder_that_is_named(root: Path, tmp_path: Path) -> None:
    assert project_folder(None) == root
    with pytest.raises(WorkspaceError, match="SNOWMELT_PROJECT"):
        project_folder(str(tmp_path))
