"""Who may import whom: data flows one way through src/, and Airflow stays in dags/ and plugins/."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

AIRFLOW = {"airflow", "cosmos"}
OURS = ("src", "include", "scripts", "benchmarks", "dags", "plugins")


def imports(file: Path) -> set[str]:
    """The top-level names of the modules a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def importers(root: Path, names: set[str]) -> Iterator[str]:
    """The folders of ours in which a file imports one of the names."""
    for folder in OURS:
        if any(names & imports(file) for file in (root / folder).rglob("*.py")):
            yield folder


def test_the_layers_of_the_package_hold(root: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_dags_and_plugins_import_airflow(root: Path) -> None:
    assert set(importers(root, AIRFLOW)) == {"dags", "plugins"}


def test_only_dags_import_plugins(root: Path) -> None:
    """The benchmark that runs the plugins' work without Airflow is the one exception."""
    plugins = {file.stem for file in (root / "plugins").glob("*.py")}
    assert len(plugins) > 5
    assert set(importers(root, plugins)) - {"plugins"} == {"dags", "benchmarks"}
