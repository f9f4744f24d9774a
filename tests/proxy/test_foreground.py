"""Nginx as a child: its lines, its signals, its end."""

import logging
import os
import signal
import sys
import threading

import pytest

from snowmelt.proxy.foreground import Foreground, Line

READY = "2026/11/25 01:46:01 [notice] 12#12: start worker process 13"


@pytest.mark.parametrize(
    ("raw", "level", "text"),
    [
        (f"{READY}\n", logging.DEBUG, "start worker process 13"),
        ("2026/11/25 01:46:01 [error] 1#2: *3 client ERROR\n", logging.WARNING, "*3 client ERROR"),
        ("2026/11/25 01:46:01 [warn] 1#2: large\n", logging.INFO, "large"),
        ("2026/11/25 01:46:01 [crit] 1#2: disk full\n", logging.ERROR, "disk full"),
        ("nginx: [emerg] bind() failed\n", logging.ERROR, "bind() failed"),
        ("something else\n", logging.WARNING, "something else"),
        ("\n", logging.WARNING, ""),
    ],
)
def test_lines_get_the_level_that_an_operator_wants(raw: str, level: int, text: str):
    assert Line.read(raw) == Line(level, text)


def test_who_asked_and_what_for_stay_out_of_the_log():
    """The query of a registry's request may hold a key, that of a pixel a visitor's ids."""
    raw = (
        "2026/11/25 01:46:01 [error] 1#2: *3 connect() failed (111: Connection refused) while connecting to upstream, "
        'client: 203.0.113.7, server: , request: "DELETE /api/auth/keygen?key=1111 HTTP/1.1", '
        'upstream: "http://127.0.0.1:8090/api/auth/keygen?key=1111", host: "localhost:8444", referrer: "https://a.b/?u=1"'
    )
    assert Line.read(raw).text == (
        "*3 connect() failed (111: Connection refused) while connecting to upstream, "
        'server: , request: "DELETE /api/auth/keygen HTTP/1.1", '
        'upstream: "http://127.0.0.1:8090/api/auth/keygen", host: "localhost:8444"'
    )


def test_only_nginx_itself_says_that_it_listens():
    assert Line.read(READY).listening
    assert not Line.read("2026/11/25 01:46:01 [error] 12#12: start worker process 13").listening


def python(program: str) -> list[str]:
    return [sys.executable, "-c", f"import os, signal, sys, time\n{program}"]


def test_its_lines_are_logged_and_ready_is_called_once(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "snowmelt.proxy.nginx")
    called: list[bool] = []
    program = f"""
for line in ({READY!r}, {READY!r}, "2026/11/25 01:46:01 [error] 1#2: no upstream"):
    print(line, file=sys.stderr)
sys.exit(3)
"""
    assert Foreground(python(program), os.environ).run(lambda: called.append(True)) == 3
    assert called == [True]
    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", "no upstream")]


def test_one_that_ends_unasked_is_a_failure_even_in_good_order():
    assert Foreground(python("sys.exit(0)"), os.environ).run(lambda: None) == 1


LISTENS = f"""
def quit(*_):
    print("quitting", file=sys.stderr, flush=True)
    if {{hurried}} == 0: sys.exit(0)
signal.signal(signal.SIGQUIT, quit)
print({READY!r}, file=sys.stderr, flush=True)
while True: time.sleep(0.01)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_lets_requests_finish(caplog: pytest.LogCaptureFixture, number: signal.Signals):
    before = signal.getsignal(number)
    program = python(LISTENS.format(hurried=0))
    assert Foreground(program, os.environ).run(lambda: os.kill(os.getpid(), number)) == 0
    assert [record.message for record in caplog.records] == ["quitting"]
    assert signal.getsignal(number) is before


def test_told_twice_it_does_not_wait():
    def stop() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)

    assert Foreground(python(LISTENS.format(hurried=1)), os.environ).run(stop) == 0


def test_a_signal_before_the_start_is_not_lost(monkeypatch: pytest.MonkeyPatch):
    """It comes between taking over the signals and having a process to pass them on to."""
    foreground = Foreground(python(LISTENS.format(hurried=0)), os.environ)
    original = signal.signal

    def taken_over(number: int, handler: object) -> object:
        found = original(number, handler)  # type: ignore[arg-type]
        if number == signal.SIGTERM and handler == foreground._stop:
            os.kill(os.getpid(), signal.SIGTERM)
        return found

    monkeypatch.setattr(signal, "signal", taken_over)
    done: list[int] = []
    watchdog = threading.Timer(20, os._exit, [1])
    watchdog.start()
    done.append(foreground.run(lambda: None))
    watchdog.cancel()
    assert done == [0]
