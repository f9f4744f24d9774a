"""Dbt's manifest, from which Cosmos draws the models' tasks: where it lies, and that it is that of the project."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from snowmelt.workspace import Workspace

PROJECT = Path(__file__).parents[1] / "dbt"


class ModelsError(RuntimeError):
    """Models that do not parse; the message is dbt's own."""


def manifest(workspace: Workspace) -> Path:
    """The file. Whoever starts Airflow makes it, and each build makes it anew when a model was added or changed."""
    return workspace.dbt_target.parent / "manifest.json"


def refresh(workspace: Workspace, project: Path = PROJECT) -> None:
    """Parses the project again when anything in it is newer than the manifest. Raises ModelsError.

    The file is a copy of the one in dbt's target, replaced by rename, for somebody may be reading it.
    """
    file, target = manifest(workspace), workspace.dbt_target
    if file.is_file() and file.stat().st_mtime > max(entry.stat().st_mtime for entry in project.rglob("*")):
        return

    from dbt.cli.main import dbtRunner

    folders = ("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target))
    outcome = dbtRunner().invoke(["--quiet", "parse", *folders])
    if not outcome.success:
        raise ModelsError(f"the models do not parse: {outcome.exception or outcome.result}")
    copy = file.with_suffix(f".{os.getpid()}")
    shutil.copyfile(target / "manifest.json", copy)
    copy.replace(file)
