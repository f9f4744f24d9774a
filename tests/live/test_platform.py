"""The table of stages fits together, listens on loopback alone, and is chosen by the environment."""

import json
import re
from itertools import chain
from pathlib import Path

import pytest

from snowmelt.iglu.resolver import Resolver
from snowmelt.live.platform import SERVERS, WINDOW_SECONDS, Ports, stages, write_resolver
from snowmelt.live.stage import Stage
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace

SETTINGS = {
    "SNOWMELT_COLLECTOR_PORT": 20001,
    "SNOWMELT_COLLECTOR_METRICS__PORT": 20002,
    "SNOWMELT_IGLU_REPO_SERVER__PORT": 20003,
    "SNOWMELT_PAGE_PORT": 20004,
    "SNOWMELT_PROXY_COLLECTOR__TLS_PORT": 20005,
    "SNOWMELT_PROXY_COLLECTOR__PLAIN_PORT": 20006,
    "SNOWMELT_PROXY_IGLU__TLS_PORT": 20007,
    "SNOWMELT_PROXY_IGLU__PLAIN_PORT": 20008,
    "SNOWMELT_AIRFLOW_PORT": 20009,
}
ENVIRON = {"PATH": "/usr/bin"} | {name: str(port) for name, port in SETTINGS.items()}


@pytest.fixture
def table(workspace: Workspace, root: Path) -> list[Stage]:
    return stages(workspace, root, Ports.from_environment(ENVIRON), ENVIRON)


def test_names_and_what_is_needed(table: list[Stage]) -> None:
    names = [stage.name for stage in table]
    assert len(set(names)) == len(names)
    assert {stage.name for stage in table if not stage.is_task} == set(SERVERS)
    assert set(chain.from_iterable(stage.after for stage in table)) <= set(names)
    started: set[str] = set()
    while due := {stage.name for stage in table if set(stage.after) <= started} - started:
        started |= due
    assert started == set(names)  # no two wait for each other


def test_each_port_has_its_setting(table: list[Stage]) -> None:
    found = {port.setting: port.number for stage in table for port in stage.ports}
    assert found == SETTINGS


def test_nothing_leaves_the_machine_or_listens_beyond_it(table: list[Stage]) -> None:
    for stage in table:
        for address in (stage.address, stage.health.url if stage.health else ""):
            assert re.fullmatch(r"(https?://(127\.0\.0\.1|localhost):\d+.*)?", address)
    airflow = {stage.name: stage for stage in table if stage.name.startswith("airflow")}
    assert all(stage.environ["AIRFLOW__API__HOST"] == "127.0.0.1" for stage in airflow.values())
    # Their log servers listen on every address of the machine.
    assert all("--skip-serve-logs" in airflow[name].command for name in ("airflow-scheduler", "airflow-triggerer"))


def test_every_process_knows_its_state_folder_and_is_marked(table: list[Stage], workspace: Workspace) -> None:
    for stage in table:
        assert stage.environ["SNOWMELT_HOME"] == str(workspace.root)
        assert stage.environ["SNOWMELT_UP"] == str(workspace.root)
        assert stage.environ["PATH"] == "/usr/bin"


def test_run_folders_are_short_in_time_unless_one_says_otherwise(workspace: Workspace, root: Path) -> None:
    name = "SNOWMELT_ENRICH_OUTPUT__MAX_SECONDS"
    for environ, expected in ((ENVIRON, str(WINDOW_SECONDS)), ({**ENVIRON, name: "60"}, "60")):
        table = stages(workspace, root, Ports.from_environment(environ), environ)
        assert next(stage for stage in table if stage.name == "enrich").environ[name] == expected


def test_the_page_is_told_where_the_collector_is(table: list[Stage]) -> None:
    page = next(stage for stage in table if stage.name == "page")
    assert json.loads(page.environ["SNOWMELT_PAGE_COLLECTORS"]) == ["https://{host}:20005", "http://{host}:20001"]


def test_a_port_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError, match="SNOWMELT_AIRFLOW_PORT"):
        Ports.from_environment({"SNOWMELT_AIRFLOW_PORT": "none"})


def test_the_resolver_asks_the_registry_behind_the_embedded_schemas(tmp_path: Path) -> None:
    write_resolver(tmp_path / "resolver.json", "http://127.0.0.1:20003/api")
    Resolver.from_file(tmp_path / "resolver.json")
    written = json.loads((tmp_path / "resolver.json").read_text())
    (repository,) = written["data"]["repositories"]
    assert repository["connection"] == {"http": {"uri": "http://127.0.0.1:20003/api"}}
    assert repository["vendorPrefixes"] == []
    assert written["data"]["cacheTtl"] <= 60
