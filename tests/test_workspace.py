"""The state folder is private, versioned and nobody else's."""

import stat
from pathlib import Path

import pytest

from snowmelt.workspace import STATE_VERSION, Workspace, WorkspaceError


def test_prepare_makes_a_private_versioned_folder(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "state")
    workspace.prepare()
    assert stat.S_IMODE(workspace.root.stat().st_mode) == 0o700
    assert (workspace.root / "VERSION").read_text() == f"{STATE_VERSION}\n"
    assert workspace.warehouse.name == workspace.published.name == "snowmelt.duckdb"
    assert all(folder.is_dir() for folder in (workspace.log, workspace.lake, workspace.warehouse.parent))
    workspace.prepare()


def test_a_folder_of_another_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("0\n")
    with pytest.raises(WorkspaceError, match=r"layout 0.*make clean"):
        Workspace(tmp_path).prepare()


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(WorkspaceError, match="not a state folder"):
        Workspace(tmp_path).prepare()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_a_crash_left_without_its_stamp_is_taken(tmp_path: Path) -> None:
    (tmp_path / "VERSION.17").touch()
    Workspace(tmp_path).prepare()
    Workspace(tmp_path).prepare()


def test_what_is_no_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    for root in (tmp_path / "state", tmp_path / "state" / "deeper"):
        with pytest.raises(WorkspaceError, match=r"cannot be used .*: set SNOWMELT_HOME"):
            Workspace(root).prepare()


def test_the_environment_names_the_folder(tmp_path: Path) -> None:
    assert Workspace.from_environment({"SNOWMELT_HOME": str(tmp_path)}).root == tmp_path
    for none in ({}, {"SNOWMELT_HOME": ""}):
        assert Workspace.from_environment(none).root == Path.cwd() / ".snowmelt"
