"""What the walks take for granted of our applications, asked of these themselves."""

import asyncio
import logging
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from tests.doubles.terraform import State
from tests.terraform.state import edge, reachability, scraping
from tests.terraform.state.log_lines import finds, patterns
from tests.terraform.state.world import stage_of, template_of, world, written_files

from snowmelt.collector.pages import Pages
from snowmelt.collector.settings import CollectorSettings
from snowmelt.iglu.server.app import create_app
from snowmelt.iglu.server.registry import Registry
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.logs import OneLine
from snowmelt.page.app import application
from snowmelt.page.published import Published
from snowmelt.page.settings import PageSettings

MACHINE = "10.20.0.5"
"""A load balancer asks for a health page under the machine's own address, not under the service's name."""


def asked(app: Any, path: str) -> int:
    """What an application answers to the load balancer."""

    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{MACHINE}") as client:
            return (await client.get(path)).status_code

    return asyncio.run(ask())


def test_the_collector_has_its_health_page() -> None:
    found = Pages(CollectorSettings(), lambda: True, lambda: True).find(edge.HEALTH["collector"].encode())
    assert found is not None
    assert found[0] == "health"


def test_the_registry_has_its_health_page() -> None:
    assert asked(create_app(cast(Registry, SimpleNamespace(settings=IgluSettings()))), edge.HEALTH["iglu"]) == 200


def test_the_page_has_its_health_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    app = application(PageSettings(hosts=("page.example.com",)), tmp_path, cast(Published, None))
    assert asked(app, edge.HEALTH["page"]) == 200


def test_every_service_that_is_reached_has_a_health_page(complete: State) -> None:
    fronted = {stage_of(group) for group in complete.of("aws_autoscaling_group") if group["target_group_arns"]}
    assert fronted == edge.HEALTH.keys()


def test_the_stages_that_publish_metrics_are_those_that_are_scraped(root: Path) -> None:
    publishing = [
        settings.parent.name
        for settings in sorted((root / "src" / "snowmelt").glob("*/settings.py"))
        if "8125" in settings.read_text(encoding="utf-8")
    ]
    assert tuple(publishing) == scraping.SCRAPED


def test_what_the_applications_are_told_to_ask_is_in_reach(complete: State) -> None:
    assert reachability.out_of_reach(complete) == []


def logged(level: int, message: str = "it went wrong") -> str:
    """A line of our own loggers."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    handler.handle(logging.LogRecord("snowmelt.any", level, __file__, 1, message, None, None))
    return stream.getvalue()


@pytest.mark.parametrize("stage", ["collector", "iglu", "page", "enrich"])
def test_the_filter_finds_the_errors_that_our_loggers_write(stage: str, complete: State) -> None:
    pattern = patterns(complete)[f"/{world(complete).name}/{stage}"]
    assert finds(pattern, logged(logging.ERROR))
    assert not finds(pattern, logged(logging.WARNING, "a client sent ERROR"))
    assert not finds(pattern, logged(logging.INFO, "0 errors"))


OTHERS = {
    "/aws/rds/instance/{name}-iglu/postgresql": '2026-11-25 08:00:00 UTC:10.20.0.5(4711):iglu@iglu:[99]:ERROR:  no "a"',
    "/{name}/prometheus": 'time=2026-11-25T08:00:00.000Z level=ERROR source=main.go:1 msg="Error loading config"',
}
"""Log group -> how the program that writes there says that something went wrong."""


@pytest.mark.parametrize("group", OTHERS)
def test_the_filter_finds_the_errors_of_others(group: str, complete: State) -> None:
    pattern = patterns(complete)[group.format(name=world(complete).name)]
    assert finds(pattern, OTHERS[group])


_AIRFLOW = """
import logging
from airflow.logging_config import configure_logging
configure_logging()
logging.getLogger("airflow.any").warning("a warning")
logging.getLogger("airflow.any").error("it went wrong")
"""


@pytest.fixture
def airflow_lines(complete: State, tmp_path: Path) -> list[str]:
    """What Airflow writes with the settings of its machine: a warning, and an error."""
    (group,) = (g for g in complete.of("aws_autoscaling_group") if stage_of(g) == "airflow")
    files = written_files(template_of(complete, group))
    settings = dict(
        line.partition("=")[::2]
        for line in files["/etc/snowmelt/env/scheduler.env"].splitlines()
        if line.startswith("AIRFLOW__LOGGING__") and not line.startswith("AIRFLOW__LOGGING__REMOTE_")
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AIRFLOW_HOME": str(tmp_path), **settings}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _AIRFLOW],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [line for line in (ran.stdout + ran.stderr).splitlines() if "airflow.any" in line]


def test_the_filter_finds_the_errors_of_airflow(complete: State, airflow_lines: list[str]) -> None:
    pattern = patterns(complete)[f"/{world(complete).name}/airflow"]
    warning, error = airflow_lines
    assert finds(pattern, error)
    assert not finds(pattern, warning)


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("ERROR", "[ERROR 400] bad request", True),
        ("ERROR", "level=ERROR msg", True),
        ("ERROR", "[error] bad request", False),
        ("ERROR", "MYERRORS", False),
        ("ERROR disk", "ERROR: the disk is full", True),
        ("ERROR disk", "ERROR: the door is open", False),
        ("?ERROR ?CRITICAL", "CRITICAL x", True),
        ("?ERROR ?CRITICAL", "WARNING x", False),
        ("ERROR -known", "ERROR known", False),
        ('"[error"', "2026 [error    ] x", True),
    ],
)
def test_terms(pattern: str, line: str, expected: bool) -> None:
    assert finds(pattern, line) is expected


@pytest.mark.parametrize("pattern", ["", "{ $.level = 30 }", "%E[A-Z]+%"])
def test_other_patterns_are_no_terms(pattern: str) -> None:
    with pytest.raises(ValueError, match="not a pattern of terms"):
        finds(pattern, "ERROR")
