"""The same project on Databricks: it parses, and what it compiles to is that dialect's SQL. No workspace is asked."""

from pathlib import Path
from typing import Any

import pytest
import sqlglot
from dbt.adapters.base.relation import BaseRelation
from tests.dbt.conftest import invoke

pytestmark = [
    pytest.mark.slow,
    # dbt-databricks itself, when it is imported
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
]

DUCKDB_ONLY = ("regexp_matches(", "epoch_ms(", "unnest(", "list_sort(", "[1].")


@pytest.fixture(scope="module")
def compiled(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """The SQL of each model and test, before there are any tables ("new") and with them ("built")."""
    texts, manifest = {}, None
    for state in ("new", "built"):
        target = tmp_path_factory.mktemp(state)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABRICKS_HOST", "databricks.example")
            patch.setenv("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/example")
            patch.setenv("DATABRICKS_TOKEN", "no token")
            answer_for_the_workspace(patch, built=state == "built")
            to_databricks = ("--target", "databricks")
            manifest = manifest or invoke(root / "dbt", target, target / "none", "parse", *to_databricks)
            options = (*to_databricks, "--no-populate-cache")
            results = invoke(root / "dbt", target, target / "none", "compile", *options, manifest=manifest)
        for result in results:
            if text := getattr(result.node, "compiled_code", None):
                texts[state, result.node.name] = text
    return texts


def answer_for_the_workspace(patch: pytest.MonkeyPatch, *, built: bool) -> None:
    """Tables are there or not; nothing else may be asked."""
    from dbt.adapters.databricks.connections import DatabricksConnectionManager
    from dbt.adapters.databricks.impl import DatabricksAdapter

    def get_relation(self: Any, database: str, schema: str, identifier: str) -> BaseRelation | None:
        made = self.Relation.create(database=database, schema=schema, identifier=identifier, type="table")
        return made if built else None

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a workspace was asked")

    patch.setattr(DatabricksAdapter, "get_relation", get_relation)
    patch.setattr(DatabricksConnectionManager, "open", refuse)


def test_all_models_compile(compiled: dict[tuple[str, str], str]):
    models = {name for state, name in compiled if state == "new"}
    assert models >= {"stg_events", "int_session_index", "page_views", "sessions", "users", "event_quality"}
    assert models == {name for state, name in compiled if state == "built"}
    assert "news as" in compiled["built", "stg_events"]
    assert "news as" not in compiled["new", "stg_events"]


def test_the_sql_is_databricks(compiled: dict[tuple[str, str], str]):
    for (state, name), text in compiled.items():
        assert sqlglot.parse_one(text, read="databricks"), f"{name}, {state}"
        assert not [word for word in DUCKDB_ONLY if word in text], f"{name}, {state}"
