"""The state folder is private, versioned and nobody else's."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from snowmelt.workspace import STATE_VERSION, Workspace, WorkspaceError


def test_prepare_makes_a_private_versioned_folder(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "state")
    workspace.prepare()
    assert stat.S_IMODE(workspace.root.stat().st_mode) == 0o700
    assert (workspace.root / "VERSION").read_text() == f"{STATE_VERSION}\n"
    assert workspace.warehouse.name == workspace.published.name == "snowmelt.duckdb"
    made = (workspace.log, workspace.lake, workspace.warehouse.parent, workspace.iglu, workspace.tls, workspace.live)
    assert all(folder.is_dir() for folder in made)
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


HOLD = """
import sys
from pathlib import Path
from snowmelt.workspace import Workspace
with Workspace(Path(sys.argv[1])).sole_user("make up"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_user_at_a_time_is_told_who_has_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "state")
    workspace.prepare()
    command = [sys.executable, "-c", HOLD, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        said = rf"`make up` \(process {other.pid}\) runs on the state folder .*`make demo`"
        with pytest.raises(WorkspaceError, match=said), workspace.sole_user("make demo"):
            pass
        other.kill()  # a lock does not outlive its process
    with workspace.sole_user("make demo"):
        pass
    with workspace.sole_user("make up"):
        pass
