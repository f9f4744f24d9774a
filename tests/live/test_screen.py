"""The terminal stays calm: warnings and errors once, the rest in the logs."""

from io import StringIO

import pytest

from snowmelt.live.screen import Screen
from snowmelt.live.stage import Stage

STAGES = [Stage("collector", (), {}), Stage("airflow-api", (), {}, is_quiet=True)]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "line", "shown"),
    [
        ("collector", "2026-11-25 02:24:45,123 INFO snowmelt.collector listening on 127.0.0.1:8080", False),
        ("collector", "2026-11-25 02:24:45,123 WARNING snowmelt.collector slow disk", True),
        ("collector", "2026-11-25 02:24:45,123 ERROR snowmelt.collector disk is full", True),
        ("airflow-api", "2026-11-25T02:27:04.101528Z [warning  ] not found in config [parser]", False),
        ("airflow-api", "2026-11-25T02:27:04.101528Z [error    ] Task failed [task]", True),
        ("airflow-api", "2026-11-25T02:27:04.101528Z [critical ] no database [db]", True),
        ("airflow-api", "2026-11-25T02:35:50.413677Z [error    ] WARNING | Kernel [task.stderr]", False),
        ("airflow-api", "2026-11-25T02:34:37.111773Z [info     ] Done. PASS=1 WARN=0 ERROR=0 [task.stdout]", False),
        ("airflow-api", "2026-11-25T02:34:37.111773Z [info     ] 2 of 7 ERROR a_test [task.stdout]", False),
        ("collector", "2026/11/25 02:34:37 [emerg] 1#1: bind() failed", True),
        ("collector", "2026/11/25 02:34:37 [warn] 1#1: conflicting server name", True),
        ("collector", "2026/11/25 02:34:37 [notice] 1#1: using epoll", False),
    ],
)
def test_what_has_to_be_seen_is_shown(name: str, line: str, shown: bool) -> None:
    terminal = StringIO()
    Screen(terminal, STAGES).hear(name, line)
    assert (line in terminal.getvalue()) is shown
    verbose = StringIO()
    Screen(verbose, STAGES, verbose=True).hear(name, line)
    assert line in verbose.getvalue()


def test_the_like_is_shown_once() -> None:
    terminal = StringIO()
    screen = Screen(terminal, STAGES)
    for number in range(50):
        screen.hear("collector", f"2026-11-25 02:24:{number:02},000 ERROR x no answer from 127.0.0.1 after {number} s")
        screen.hear("collector", f"2026-11-25 02:24:{number:02},000 ERROR x another")
    assert len(terminal.getvalue().splitlines()) == 2


def test_a_long_line_is_cut_with_the_way_to_all_of_it() -> None:
    terminal = StringIO()
    Screen(terminal, STAGES).hear("collector", "2026-11-25 02:24:45,000 ERROR x " + "y" * 5000)
    assert terminal.getvalue().endswith("yyy… (make logs STAGE=collector)\n")
    assert len(terminal.getvalue()) < 400


def test_each_stage_has_its_colour_on_a_terminal() -> None:
    terminal, pipe = Terminal(), StringIO()
    for place in (terminal, pipe):
        screen = Screen(place, STAGES)
        screen.tell("collector", "ready")
        screen.tell("airflow-api", "ready")
        screen.tell("snowmelt", "stopping")
    colours = [line.split("m")[1] for line in terminal.getvalue().splitlines()[:2]]
    assert len(set(colours)) == 2
    assert "\033" not in pipe.getvalue()
    assert len({line.index("|") for line in pipe.getvalue().splitlines()}) == 1


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    class Gone(StringIO):
        def write(self, text: str) -> int:
            raise OSError(5, "gone")

    Screen(Gone(), STAGES).tell("collector", "ready")
