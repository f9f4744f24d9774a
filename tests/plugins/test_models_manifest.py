"""When dbt's manifest is made anew, and that nobody sees half of it."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

import models_manifest
from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of dbt's own imports


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parses so far; the third and all after it fail."""
    from dbt.cli import main

    parsed: list[str] = []

    class Runner:
        def invoke(self, arguments: list[str]) -> SimpleNamespace:
            parsed.append(arguments[1])
            target = Path(arguments[-1])
            target.mkdir(parents=True, exist_ok=True)
            (target / "manifest.json").write_text("{}", encoding="utf-8")
            return SimpleNamespace(success=len(parsed) < 3, exception="models/a.sql is broken", result=None)

    monkeypatch.setattr(main, "dbtRunner", Runner)
    return parsed


def test_it_is_parsed_when_the_project_is_newer(tmp_path: Path, parsed: list[str]) -> None:
    workspace, project = Workspace(tmp_path / "state"), tmp_path / "dbt"
    project.mkdir()
    model = project / "model.sql"

    def refresh(changed_at: int | None) -> None:
        if changed_at is not None:
            model.write_text("select 1", encoding="utf-8")
            for entry in (model, project):
                os.utime(entry, (changed_at, changed_at))
        models_manifest.refresh(workspace, project)

    refresh(1_000)
    refresh(None)
    assert parsed == ["parse"]
    file = models_manifest.manifest(workspace)
    assert sorted(entry.name for entry in file.parent.iterdir()) == ["manifest.json", "target"]
    refresh(4_000_000_000)
    assert parsed == ["parse"] * 2
    with pytest.raises(models_manifest.ModelsError, match=r"the models do not parse: models/a\.sql is broken"):
        refresh(4_000_000_001)
