"""`sqlfluff lint dbt` reads the models as DuckDB does, and says what it does not like."""

from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def linter(root: Path) -> Linter:
    return Linter(config=FluffConfig.from_path(str(root / "dbt" / "models")))


def test_macros_are_seen_through(linter: Linter, root: Path):
    for name, rendered in (("staging/stg_events", "list_sort("), ("marts/sessions", "'Paid Search'")):
        file = root / "dbt" / "models" / f"{name}.sql"
        parsed = linter.parse_string(file.read_text(encoding="utf-8"), fname=str(file))
        assert not parsed.violations
        assert rendered in parsed.root_variant().templated_file.templated_str


def test_bad_style_is_found(linter: Linter, root: Path):
    file = str(root / "dbt" / "models" / "marts" / "new.sql")
    text = "SELECT event_id,app_id FROM {{ ref('stg_events') }} where {{ matches('app_id', 'shop') }}\n"
    rules = {violation.rule_code() for violation in linter.lint_string(text, fname=file).get_violations()}
    assert {"CP01", "LT01"} <= rules
