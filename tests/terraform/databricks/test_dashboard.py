"""What the module puts into the workspace: the laptop's notebook, and a dashboard whose questions can be asked."""

import base64
import itertools
import json
from collections.abc import Callable
from typing import Any

import duckdb
import jupytext
import pytest
import sqlglot
import yaml
from tests.doubles.terraform import Stack, State
from tests.terraform.conftest import TERRAFORM

ROOT = TERRAFORM.parents[1]
MODULE = TERRAFORM / "modules" / "databricks"
DASHBOARD = json.loads((MODULE / "files" / "dashboard.lvdash.json").read_text(encoding="utf-8"))
DATASETS = {dataset["name"]: "".join(dataset["queryLines"]) for dataset in DASHBOARD["datasets"]}
WIDGETS = [placed for page in DASHBOARD["pages"] for placed in page["layout"]]
COLUMNS = 6


@pytest.fixture(scope="module")
def marts() -> duckdb.DuckDBPyConnection:
    """The marts with the columns that their contracts promise, and no rows."""
    connection = duckdb.connect()
    for file in sorted((ROOT / "dbt" / "models" / "marts").glob("*.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
            connection.execute(f"create table {model['name']} ({columns})")
    return connection


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_a_question_can_be_asked_of_the_marts(name: str, marts: duckdb.DuckDBPyConnection) -> None:
    sqlglot.parse_one(DATASETS[name], read="databricks")
    found = {column[0] for column in marts.execute(DATASETS[name]).description}
    asked = {
        field["expression"].strip("`")
        for placed in WIDGETS
        for query in placed["widget"].get("queries", [])
        if query["query"]["datasetName"] == name
        for field in query["query"]["fields"]
    }
    assert asked, "no widget shows it"
    assert asked <= found


def test_widgets_show_what_they_ask_for() -> None:
    for placed in WIDGETS:
        widget = placed["widget"]
        if "spec" not in widget:
            continue
        (query,) = widget["queries"]
        asked = {field["name"] for field in query["query"]["fields"]}
        shown = {encoding["fieldName"] for encoding in widget["spec"]["encodings"].values()}
        assert asked == shown, widget["name"]
        assert query["query"]["datasetName"] in DATASETS


def test_widgets_fill_the_page_and_do_not_overlap() -> None:
    taken: list[tuple[int, int]] = []
    for placed in WIDGETS:
        at = placed["position"]
        assert at["x"] + at["width"] <= COLUMNS, placed["widget"]["name"]
        taken += itertools.product(range(at["x"], at["x"] + at["width"]), range(at["y"], at["y"] + at["height"]))
    assert len(set(taken)) == len(taken), "two widgets lie on each other"
    assert len(taken) == COLUMNS * (1 + max(y for _, y in taken)), "there is a hole"


@pytest.fixture
def made(stack: Callable[..., Stack]) -> State:
    return stack(MODULE / "examples" / "complete").apply()


def test_the_notebook_is_the_laptops(made: State) -> None:
    first, *rest = _text(made).split("\n\n# COMMAND ----------\n\n")
    cells = [first.removeprefix("# Databricks notebook source\n"), *(cell.strip() for cell in rest)]
    source = jupytext.read(ROOT / "include" / "notebooks" / "dashboard.py").cells
    assert len(cells) == len(source)
    for cell, wanted in zip(cells, source, strict=True):
        if wanted.cell_type == "markdown":
            lines = [line.removeprefix("# MAGIC").removeprefix(" ") for line in cell.splitlines()]
            assert lines[0] == "%md"
            assert "\n".join(lines[1:]).strip() == wanted.source.strip()
        else:
            assert cell == wanted.source.replace('database = "snowmelt"', 'database = "snowmelt_dev"').strip()
            compile(cell, "notebook", "exec")


def test_the_principal_runs_it_where_nobody_else_writes(made: State) -> None:
    job: Any = made.one("databricks_job")
    principal = made.one("databricks_service_principal")["application_id"]
    assert job["run_as"][0]["service_principal_name"] == principal
    assert job["task"][0]["notebook_task"][0]["notebook_path"] == made.one("databricks_notebook")["path"]
    folder = made.one("databricks_directory")["path"]
    assert made.one("databricks_notebook")["path"].startswith(f"{folder}/")
    assert not folder.startswith(("/Shared", "/Workspace/Shared")), "everybody may write there"
    for permissions in made.of("databricks_permissions"):
        given = {a["permission_level"] for a in permissions["access_control"]}
        assert given <= {"CAN_USE", "CAN_READ", "CAN_RUN", "CAN_VIEW", "CAN_MANAGE_RUN"}, permissions.address


def test_no_secret_of_the_principal_is_a_resource() -> None:
    for file in sorted(TERRAFORM.rglob("*.tf")):
        text = file.read_text(encoding="utf-8")
        for kind in ("databricks_service_principal_secret", "databricks_token", "databricks_obo_token"):
            assert f'"{kind}"' not in text, f"{file}: the state would hold the secret"


def _text(made: State) -> str:
    return base64.b64decode(made.one("databricks_notebook")["content_base64"]).decode()
