"""Debian's packages unpacked into a folder, with doubles of Debian's tools; and once with the real ones."""

import os
import subprocess
from pathlib import Path

import pytest

from snowmelt.proxy import debian
from snowmelt.proxy.debian import UnpackError, library_path, unpack

APT_GET = """#!/bin/sh
# apt-get -o Dir::Cache=… download NAME…
shift 3
for name in "$@"; do
    [ "$name" = broken ] && { echo "E: Unable to locate package broken" >&2; exit 100; }
    echo "$name" > "${name}_1.0_all.deb"
done
"""
DPKG_DEB = """#!/bin/sh
case "$1" in
    --field) echo "libc6 (>= 2.34), libnew-2-8 (>= 10) | libother, zlib1g:any, nginx-common, iproute2" ;;
    --extract) mkdir -p "$3/usr/sbin" && cp "$2" "$3/usr/sbin/$(cat "$2")" ;;
esac
"""
DPKG_QUERY = """#!/bin/sh
case "$3" in libc6) printf 'installed\\n' ;; zlib1g) printf 'not-installed\\n' ;; *) exit 1 ;; esac
"""


@pytest.fixture
def debian_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that begins with doubles."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {"apt-get": APT_GET, "dpkg-deb": DPKG_DEB, "dpkg-query": DPKG_QUERY}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_a_package_comes_with_the_libraries_that_are_not_installed(debian_tools: Path, tmp_path: Path):
    unpack("nginx", tmp_path / "tools" / "nginx")
    unpacked = sorted(file.name for file in (tmp_path / "tools" / "nginx" / "usr" / "sbin").iterdir())
    assert unpacked == ["libnew-2-8", "nginx", "zlib1g"]
    assert [entry.name for entry in (tmp_path / "tools").iterdir()] == ["nginx"], "no downloads are left"


def test_what_lay_there_before_is_replaced(debian_tools: Path, tmp_path: Path):
    (tmp_path / "nginx").mkdir()
    (tmp_path / "nginx" / "old").touch()
    unpack("nginx", tmp_path / "nginx")
    assert [entry.name for entry in (tmp_path / "nginx").iterdir()] == ["usr"]


def test_a_package_that_is_not_there_leaves_nothing(debian_tools: Path, tmp_path: Path):
    with pytest.raises(UnpackError, match=r"^apt-get said: E: Unable to locate package broken$"):
        unpack("broken", tmp_path / "tools" / "nginx")
    assert list((tmp_path / "tools").iterdir()) == []


def test_a_machine_is_debian_s_where_its_tools_are(debian_tools: Path):
    assert debian.available()
    (debian_tools / "dpkg-deb").unlink()
    assert not debian.available({"PATH": str(debian_tools)})


def test_libraries_are_found_where_debian_puts_them(tmp_path: Path):
    for folder in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/nginx", "usr/share"):
        (tmp_path / folder).mkdir(parents=True)
    names = [f"{tmp_path}/lib/x86_64-linux-gnu", f"{tmp_path}/usr/lib/x86_64-linux-gnu"]
    assert library_path(tmp_path).split(os.pathsep) == names
    assert library_path(tmp_path / "nothing") == ""


@pytest.mark.slow
def test_debian_s_own_nginx_runs_without_being_installed(tmp_path: Path):
    if not debian.available():
        pytest.skip("this is no Debian: its packages are not to be had")
    try:
        unpack("nginx", tmp_path / "nginx")
    except UnpackError as error:
        pytest.skip(f"Debian's archive cannot be asked now: {error}")
    environ = {**os.environ, "LD_LIBRARY_PATH": library_path(tmp_path / "nginx")}
    done = subprocess.run([tmp_path / "nginx/usr/sbin/nginx", "-V"], env=environ, capture_output=True, text=True)
    assert "--with-http_v2_module" in done.stderr
