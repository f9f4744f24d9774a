"""The scripts on a machine, run for real beside an `aws`, a `docker` and a metadata service that are ours."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.terraform.machine.tools import program, run, system_program

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowmelt/db-AbCdEf"
NOW = 1_800_000_000


@pytest.fixture
def scripts(root: Path) -> Path:
    return root / "infra" / "terraform" / "modules" / "service" / "files"


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder of commands that stand in for a machine's; each call is a line of `calls`."""
    folder = tmp_path / "commands"
    folder.mkdir()
    return folder


def stand_in(folder: Path, name: str, script: str) -> None:
    """Makes a command that notes its arguments, then does what the script says."""
    file = folder / name
    file.write_text(f'#!/bin/bash\necho "{name} $*" >>"{folder}/calls"\n{script}\n', encoding="utf-8")
    file.chmod(0o755)


def calls(folder: Path) -> list[str]:
    file = folder / "calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def path(folder: Path) -> str:
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def read_label(disk: Path) -> str:
    """The label in the first block of a file system of XFS."""
    with disk.open("rb") as file:
        block = file.read(120)
    assert block[:4] == b"XFSB"
    return block[108:120].rstrip(b"\0").decode()


def test_shellcheck_has_nothing_to_say(scripts):
    files = sorted(scripts.glob("*.sh"))
    assert files
    done = run(program("shellcheck", "shellcheck"), *files)
    assert done.returncode == 0, done.stdout


class TestSecrets:
    @pytest.fixture
    def fetch(self, scripts, commands, tmp_path):
        """Runs the script for a container of one secret."""
        (tmp_path / "etc" / "secrets").mkdir(parents=True)
        (tmp_path / "etc" / "secrets" / "app").write_text(f"PASSWORD {ARN}\n", encoding="utf-8")

        def run_it(script: str, attempts: int = 3):
            stand_in(commands, "aws", script)
            places = {"SNOWMELT_ETC": str(tmp_path / "etc"), "SNOWMELT_RUN": str(tmp_path / "run")}
            given = {"SNOWMELT_ATTEMPTS": str(attempts), "SNOWMELT_PAUSE": "0", "PATH": path(commands)}
            return run(scripts / "secrets.sh", "app", **places, **given)

        return run_it

    def test_it_is_written_for_the_container_alone_and_never_printed(self, fetch, tmp_path):
        done = fetch("echo 'a$b c#1'")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        file = tmp_path / "run" / "app.env"
        assert file.read_text(encoding="utf-8") == "PASSWORD=a$b c#1\n"
        assert file.stat().st_mode & 0o777 == 0o600

    def test_a_role_that_is_not_known_yet_is_asked_again(self, fetch, commands, tmp_path):
        done = fetch(f'[ "$(wc -l <"{commands}/calls")" -ge 3 ] || exit 254\necho late')
        assert done.returncode == 0, done.stderr
        assert len(calls(commands)) == 3
        assert (tmp_path / "run" / "app.env").read_text(encoding="utf-8") == "PASSWORD=late\n"

    def test_what_cannot_be_read_is_said(self, fetch, tmp_path):
        done = fetch("exit 254")
        assert done.returncode != 0
        assert f"{ARN} cannot be read" in done.stderr
        assert list((tmp_path / "run").iterdir()) == []

    def test_a_line_break_is_refused(self, fetch, tmp_path):
        done = fetch("printf 'one\\ntwo\\n'")
        assert done.returncode != 0
        assert "holds a line break" in done.stderr
        assert "one" not in done.stderr + done.stdout
        assert list((tmp_path / "run").iterdir()) == []


class TestPull:
    IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0"

    def test_a_registry_of_aws_is_logged_in_to(self, scripts, commands):
        stand_in(commands, "aws", "echo token")
        stand_in(commands, "docker", "")
        assert run(scripts / "pull.sh", self.IMAGE, PATH=path(commands)).returncode == 0
        assert f"docker pull --quiet {self.IMAGE}" in calls(commands)
        assert any("--password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com" in call for call in calls(commands))

    def test_another_is_not(self, scripts, commands):
        stand_in(commands, "docker", "")
        assert run(scripts / "pull.sh", "prom/prometheus:v3.5.0", PATH=path(commands)).returncode == 0
        assert calls(commands) == ["docker pull --quiet prom/prometheus:v3.5.0"]

    def test_a_registry_that_is_down_does_not_keep_a_machine_from_starting_again(self, scripts, commands):
        stand_in(commands, "docker", '[ "$1" != pull ]')
        assert run(scripts / "pull.sh", "app:1", PATH=path(commands)).returncode == 0

    def test_no_image_at_all_is_an_error(self, scripts, commands):
        stand_in(commands, "docker", "exit 1")
        assert run(scripts / "pull.sh", "app:1", PATH=path(commands)).returncode != 0


class TestVolume:
    @pytest.fixture
    def mount(self, scripts, commands, tmp_path):
        """Runs the script beside a blkid that answers with a code."""
        device = tmp_path / "sdf"
        device.touch()
        (tmp_path / "fstab").touch()
        for name in ("mkfs.xfs", "mount", "chown"):
            stand_in(commands, name, "")
        stand_in(commands, "mountpoint", "exit 1")

        def run_it(code: int, named: Path = device):
            stand_in(commands, "blkid", f"exit {code}")
            given = {"SNOWMELT_FSTAB": str(tmp_path / "fstab"), "SNOWMELT_ATTEMPTS": "2", "SNOWMELT_PAUSE": "0"}
            return run(scripts / "volume.sh", named, tmp_path / "data", "10001:10001", PATH=path(commands), **given)

        return run_it

    def test_a_blank_one_gets_a_file_system(self, mount, commands, tmp_path):
        assert mount(2).returncode == 0
        assert any(call.startswith("mkfs.xfs") for call in calls(commands))
        assert f"mount {tmp_path}/data" in calls(commands)

    @pytest.mark.parametrize("code", [0, 4, 8])
    def test_one_with_anything_on_it_is_never_formatted(self, mount, commands, code):
        assert (mount(code).returncode == 0) == (code == 0)
        assert not any(call.startswith("mkfs") for call in calls(commands))

    def test_a_second_start_names_it_once(self, mount, tmp_path):
        assert mount(2).returncode == mount(0).returncode == 0
        assert (tmp_path / "fstab").read_text(encoding="utf-8").count("LABEL=snowmelt ") == 1

    def test_what_formats_it_takes_the_label(self, mount, commands, tmp_path):
        """The real program on a file, which is as good as a device to it."""
        disk = tmp_path / "disk"
        with disk.open("wb") as file:
            file.truncate(1 << 30)  # holes: no bytes are written
        (commands / "mkfs.xfs").unlink()
        (commands / "mkfs.xfs").symlink_to(system_program("mkfs.xfs", "xfsprogs"))
        done = mount(2, disk)
        assert done.returncode == 0, done.stderr
        (label,) = re.findall(r"LABEL=(\S+)", (tmp_path / "fstab").read_text(encoding="utf-8"))
        assert read_label(disk) == label
        assert mount(0, disk).returncode == 0

    def test_none_is_said(self, mount, tmp_path):
        done = mount(2, tmp_path / "nowhere")
        assert done.returncode != 0
        assert "is the volume attached?" in done.stderr


class TestDrain:
    @pytest.fixture
    def spill(self, tmp_path: Path) -> Path:
        folder = tmp_path / "spill"
        folder.mkdir()
        return folder

    @pytest.fixture
    def tick(self, scripts, commands, tmp_path, spill):
        """One minute of the watcher, on a machine in this state of its life."""
        (tmp_path / "drain.env").write_text(
            f"SPILL={spill}\nPATIENCE=600\nSTAGE=collector\nNAMESPACE=snowmelt\nGROUP=group\nHOOK=hook\nREGION=eu-west-1\n",
            encoding="utf-8",
        )
        stand_in(commands, "aws", "")
        stand_in(commands, "systemctl", "")

        def run_it(life: str, now: int = NOW):
            with metadata(life) as address:
                given = {"SNOWMELT_ETC": str(tmp_path), "SNOWMELT_METADATA": address, "SNOWMELT_NOW": str(now)}
                given["SNOWMELT_RUN"] = str(tmp_path)
                return run(scripts / "drain.sh", PATH=path(commands), **given)

        return run_it

    @pytest.mark.parametrize(("ages", "told"), [([], 0), ([5], 5), ([30, 90, 60], 90), ([-5], 0)])
    def test_the_oldest_file_is_told(self, tick, commands, spill, ages, told):
        for age in ages:
            file = spill / f"{age} s"
            file.touch()
            os.utime(file, (NOW - age, NOW - age))
        assert tick("InService").returncode == 0
        (call,) = calls(commands)
        assert (
            f"MetricName=SpillAgeSeconds,Unit=Seconds,Value={told},Dimensions=[{{Name=Stage,Value=collector}}]" in call
        )
        assert "--namespace snowmelt" in call

    def test_a_machine_that_is_to_go_waits_for_its_spill(self, tick, commands, spill):
        (spill / "segment").touch()
        assert tick("Terminated").returncode == 0
        assert "systemctl stop nginx" in calls(commands)
        assert any("record-lifecycle-action-heartbeat" in call for call in calls(commands))
        assert not any("complete-lifecycle-action" in call for call in calls(commands))

    def test_and_goes_when_it_is_empty(self, tick, commands):
        assert tick("Terminated").returncode == 0
        (call,) = [call for call in calls(commands) if "complete-lifecycle-action" in call]
        assert "--instance-id i-0123456789abcdef0 --lifecycle-action-result CONTINUE" in call
        assert "--auto-scaling-group-name group --lifecycle-hook-name hook" in call

    @pytest.mark.parametrize(("waited", "goes"), [(599, False), (600, True)])
    def test_and_goes_when_its_patience_ends(self, tick, commands, spill, waited, goes):
        (spill / "segment").touch()
        assert tick("Terminated").returncode == tick("Terminated", NOW + waited).returncode == 0
        assert any("complete-lifecycle-action" in call for call in calls(commands)) == goes

    def test_a_machine_without_nginx_goes_too(self, tick, commands):
        stand_in(commands, "systemctl", "exit 5")
        assert tick("Terminated").returncode == 0
        assert any("complete-lifecycle-action" in call for call in calls(commands))

    def test_cloudwatch_that_is_down_keeps_no_machine(self, tick, commands):
        stand_in(commands, "aws", '[ "$1" != cloudwatch ]')
        tick("Terminated")
        assert any("complete-lifecycle-action" in call or "put-metric-data" in call for call in calls(commands))


@contextmanager
def metadata(life: str) -> Iterator[str]:
    """A metadata service that gives nothing without a token."""
    pages = {"autoscaling/target-lifecycle-state": life, "instance-id": "i-0123456789abcdef0"}

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.answer(200 if self.headers["X-aws-ec2-metadata-token-ttl-seconds"] else 400, "token")

        def do_GET(self) -> None:
            page = pages.get(self.path.removeprefix("/latest/meta-data/"))
            if self.headers["X-aws-ec2-metadata-token"] != "token":
                self.answer(401, "")
            else:
                self.answer(200 if page else 404, page or "")

        def answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
