"""What dbt would give a model's template, for sqlfluff, which knows only ref, source, config and the like.

Macros are dispatched to DuckDB's, variables have the values of dbt_project.yml, and no warehouse is asked anything.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context

_PROJECT = yaml.safe_load((Path(__file__).parents[1] / "dbt_project.yml").read_text(encoding="utf-8"))

execute = False
run_started_at = datetime(2026, 1, 1, tzinfo=UTC)


class adapter:  # noqa: N801 (dbt's name)
    """The adapter, as far as macros use it."""

    @staticmethod
    @pass_context
    def dispatch(context: Context, name: str, _package: str) -> Callable[..., str]:
        """The macro that DuckDB has for a name."""
        macro: Callable[..., str] = context.resolve(f"duckdb__{name}")
        return macro


def var(name: str, default: str = "") -> str | int | list[str]:
    """The value of a project variable."""
    value: str | int | list[str] = _PROJECT["vars"].get(name, default)
    return value


def env_var(_name: str, default: str = "") -> str:
    """The default of a variable of the environment."""
    return default
