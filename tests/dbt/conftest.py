"""dbt in this process, on a warehouse of the test's own. Nothing is written into the project."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Dbt:
    """The project, parsed once; commands run on the warehouse they are given."""

    project: Path
    target: Path
    manifest: Any
    """dbt's own object: with it a command need not parse the project again."""

    def run(self, command: str, path: Path, *arguments: str, parse: bool = False) -> Any:
        """What a command gives on the warehouse at `path`; a failure fails the test, with dbt's words."""
        return invoke(self.project, self.target, path, command, *arguments, manifest=None if parse else self.manifest)

    def build(self, path: Path, *arguments: str, parse: bool = False) -> None:
        """Builds all models, without their tests."""
        self.run("build", path, "--exclude-resource-type", "unit_test", "test", *arguments, parse=parse)


def invoke(project: Path, target: Path, path: Path, command: str, *arguments: str, manifest: Any = None) -> Any:
    """Runs dbt here, on the DuckDB file at `path`."""
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    said: list[str] = []
    options = [
        *("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target)),
        *("--warn-error", "--log-level", "none", "--log-level-file", "none"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setenv("SNOWMELT_WAREHOUSE", str(path))
        patch.setenv("DBT_LOG_PATH", str(target))
        runner = dbtRunner(manifest=manifest, callbacks=[lambda event: said.append(str(event.info.msg))])
        outcome = runner.invoke([command, *arguments, *options])
        reset_adapters()
    assert outcome.success, "\n".join([f"dbt {command} failed: {outcome.exception}", *said[-60:]])
    return outcome.result


@pytest.fixture(scope="session")
def dbt(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """The project, ready to run."""
    folder = tmp_path_factory.mktemp("dbt")
    target, path = folder / "target", folder / "snowmelt.duckdb"
    return Dbt(root / "dbt", target, invoke(root / "dbt", target, path, "parse"))
