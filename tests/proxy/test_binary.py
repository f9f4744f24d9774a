"""Where Nginx is found, and what happens where there is none."""

import os
import re
from pathlib import Path

import pytest

from snowmelt.proxy import binary, debian
from snowmelt.proxy.binary import MissingNginxError, Nginx, advice, find, obtain
from snowmelt.proxy.debian import UnpackError


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch):
    """A machine on which nothing is installed."""
    monkeypatch.setattr(binary, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(debian, "available", lambda environ: False)


def program(folder: Path, code: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx"
    file.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_path_comes_before_the_system_folders_and_those_before_what_was_unpacked(tmp_path: Path, monkeypatch):
    unpacked = program(tmp_path / "tools" / "nginx" / "usr" / "sbin")
    environ = {"PATH": str(tmp_path / "bin")}
    assert find(tmp_path / "tools", environ) == Nginx(unpacked)
    system = program(tmp_path / "sbin")
    monkeypatch.setattr(binary, "SYSTEM_FOLDERS", (str(tmp_path / "sbin"),))
    assert find(tmp_path / "tools", environ) == Nginx(system)
    on_path = program(tmp_path / "bin")
    assert find(tmp_path / "tools", environ) == Nginx(on_path)


def test_one_that_was_unpacked_but_does_not_run_is_none(tmp_path: Path):
    program(tmp_path / "tools" / "nginx" / "usr" / "sbin", code=127)
    assert find(tmp_path / "tools", {"PATH": ""}) is None


def test_the_package_that_holds_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The first package brings no program, as on some releases."""
    asked = []

    def unpack(package: str, folder: Path) -> None:
        asked.append(package)
        if package == "nginx-light":
            program(folder / "usr" / "sbin")

    monkeypatch.setattr(debian, "available", lambda environ: True)
    monkeypatch.setattr(debian, "unpack", unpack)
    assert obtain(tmp_path, {"PATH": ""}).program == tmp_path / "nginx" / "usr" / "sbin" / "nginx"
    assert asked == ["nginx", "nginx-light"]


def test_without_any_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unpack(package: str, folder: Path) -> None:
        raise UnpackError(f"apt-get said: no {package}")

    monkeypatch.setattr(debian, "available", lambda environ: True)
    monkeypatch.setattr(debian, "unpack", unpack)
    sentence = f"there is no nginx on this machine (apt-get said: no nginx): {advice()}"
    with pytest.raises(MissingNginxError, match=f"^{re.escape(sentence)}$"):
        obtain(tmp_path, {"PATH": ""})


@pytest.mark.parametrize(
    ("platform", "command"), [("darwin", "brew install nginx"), ("linux", "apt-get install nginx")]
)
def test_the_advice_is_for_this_machine(platform: str, command: str):
    assert command in advice(platform)


def test_unpacked_libraries_come_first():
    nginx = Nginx(Path("/nginx"), "/ours")
    assert nginx.environment({"LD_LIBRARY_PATH": "/theirs"})["LD_LIBRARY_PATH"] == os.pathsep.join(("/ours", "/theirs"))
    assert nginx.environment({}) == {"LD_LIBRARY_PATH": "/ours"}
    assert Nginx(Path("/nginx")).environment({"A": "b"}) == {"A": "b"}
