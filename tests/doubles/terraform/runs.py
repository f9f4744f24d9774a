"""Results of `terraform test`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.terraform import terraform
from tests.doubles.terraform.cloud import Cloud
from tests.doubles.terraform.tree import copied


@dataclass(frozen=True, slots=True)
class Run:
    """One `run` block of a `*.tftest.hcl` file: pass, fail, error or skip, and what Terraform said of it."""

    file: str
    name: str
    status: str
    said: str


def test(folder: Path, cloud: Cloud, work: Path) -> list[Run]:
    """The results of `terraform test` in a module's folder. Raises TerraformError where it could not be run at all."""
    tree = copied(folder, work / "tree")
    cloud.offer(work / "tree")
    environment = cloud.environment | {"TF_DATA_DIR": str(work / "data")}
    found = terraform.find()
    found.run(tree, ["init", "-no-color", "-backend=false"], environment)
    done = found.attempt(tree, ["test", "-json"], environment)
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    runs = _runs(events)
    if not runs or (done.returncode and all(run.status == "pass" for run in runs)):
        said = "\n".join(_said(event) for event in events if event.get("type") == "diagnostic")
        raise terraform.TerraformError(f"terraform test in {folder}\n{said or done.stdout}\n{done.stderr}".strip())
    return runs


test.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test where it is imported


def _runs(events: list[dict[str, Any]]) -> list[Run]:
    said: dict[tuple[str, str], list[str]] = {}
    for event in events:
        if event.get("type") == "diagnostic":
            said.setdefault((event.get("@testfile", ""), event.get("@testrun", "")), []).append(_said(event))
    results = [
        e["test_run"] for e in events if e.get("type") == "test_run" and e["test_run"].get("progress") == "complete"
    ]
    return [Run(r["path"], r["run"], r["status"], "\n".join(said.get((r["path"], r["run"]), []))) for r in results]


def _said(event: Mapping[str, Any]) -> str:
    found = event["diagnostic"]
    where = found.get("range") or {}
    return f"{where.get('filename', '')}:{where.get('start', {}).get('line', '')} {found['summary']}: {found['detail']}"
