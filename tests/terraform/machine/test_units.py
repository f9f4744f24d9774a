"""Units of systemd, read by systemd itself."""

import re
from pathlib import Path

from tests.terraform.machine.boxes import Box
from tests.terraform.machine.tools import program, run

STANDARD = ("basic", "local-fs", "multi-user", "network-online", "shutdown", "sysinit", "timers")


def installed(box: Box, folder: Path) -> list[str]:
    """A root folder with the machine's units and scripts, and with little else; the units' names."""
    box.write(folder, "/etc/systemd/", "/usr/local/lib/snowmelt/")
    (folder / "usr" / "bin").mkdir(parents=True)
    (folder / "usr" / "bin" / "docker").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "usr" / "bin" / "docker").chmod(0o755)
    units = folder / "usr" / "lib" / "systemd" / "system"
    units.mkdir(parents=True)
    for target in STANDARD:
        (units / f"{target}.target").write_text("[Unit]\n", encoding="utf-8")
    for service in ("docker", "cloud-final"):
        (units / f"{service}.service").write_text("[Service]\nExecStart=/usr/bin/docker\n", encoding="utf-8")
    names = [Path(path).name for path in box.files if re.fullmatch(r"/etc/systemd/system/snowmelt-[^/]+", path)]
    assert names
    return names


def test_systemd_understands_them(each, tmp_path):
    names = installed(each, tmp_path)
    verify = (program("systemd-analyze", "systemd"), "verify", "--man=no", f"--root={tmp_path}")
    done = run(*verify, *names)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
