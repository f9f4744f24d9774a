"""The command: it starts, ends and refuses as every server here does."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.browsers.machine import free_ports
from tests.proxy.harness import ROOT, nginx

COMMAND = [sys.executable, "-m", "snowmelt.proxy.main"]
SETTINGS = ("COLLECTOR__TLS_PORT", "COLLECTOR__PLAIN_PORT", "IGLU__TLS_PORT", "IGLU__PLAIN_PORT")


def environment(home: Path, ports: list[int], **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    named = {f"SNOWMELT_PROXY_{name}": str(port) for name, port in zip(SETTINGS, ports, strict=True)}
    return clean | named | {"SNOWMELT_HOME": str(home)} | more


@contextmanager
def started(environ: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A proxy that listens, and what it logged until then."""
    with subprocess.Popen(COMMAND, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr
        said = []
        try:
            for line in process.stderr:
                said.append(line.strip())
                if " listening on " in line:
                    break
            else:
                raise AssertionError("\n".join(said))
            yield process, said
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals):
    nginx()
    ports = free_ports(4)
    with started(environment(tmp_path / "home", ports)) as (process, said):
        assert said[-1].endswith(f" INFO snowmelt.proxy listening on 127.0.0.1:{ports[0]}")
        context = ssl.create_default_context(cafile=str(tmp_path / "home" / "tls" / "certificate.pem"))
        for port in (ports[0], ports[2]):
            with socket.create_connection(("localhost", port)) as raw:
                context.wrap_socket(raw, server_hostname="localhost").close()
        process.send_signal(number)
        assert process.wait(20) == 0
        assert "ERROR" not in (process.stderr or sys.stderr).read()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]))


def test_a_signal_to_all_of_it_ends_it_as_well(tmp_path: Path):
    """As the terminal does on Ctrl-C, and a supervisor at its end."""
    nginx()
    with started(environment(tmp_path / "home", free_ports(4))) as (process, _):
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)


def test_nginx_that_dies_is_an_error(tmp_path: Path):
    nginx()
    with started(environment(tmp_path / "home", free_ports(4))) as (process, _):
        os.kill(int((tmp_path / "home" / "nginx" / "nginx.pid").read_text(encoding="ascii")), signal.SIGTERM)
        assert process.wait(20) == 1
        assert "ERROR snowmelt.proxy nginx ended" in (process.stderr or sys.stderr).read()


def cannot_start(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([*COMMAND, *arguments], env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    return line.partition(" ERROR snowmelt.proxy cannot start: ")[2]


@pytest.mark.parametrize("taken", range(4))
def test_a_taken_port_is_named_with_its_setting(tmp_path: Path, taken: int):
    nginx()
    ports = free_ports(4)
    with socket.create_server(("127.0.0.1", ports[taken])):
        sentence = cannot_start(environment(tmp_path / "home", ports))
    assert sentence == (
        f"127.0.0.1:{ports[taken]} cannot be listened on: address already in use; "
        f"free that port or set SNOWMELT_PROXY_{SETTINGS[taken]} to another"
    )
    assert not (tmp_path / "home" / "nginx" / "nginx.conf").exists(), "another's configuration is left alone"


def test_a_second_start_leaves_the_first_alone(tmp_path: Path):
    nginx()
    environ = environment(tmp_path / "home", free_ports(4))
    with started(environ) as (process, _):
        master = (tmp_path / "home" / "nginx" / "nginx.pid").read_text(encoding="ascii").strip()
        taken = f"address already in use (by the Nginx of this state folder, process {master});"
        assert taken in cannot_start(environ)
        assert process.poll() is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"SNOWMELT_PROXY_TLS": "1"}, "SNOWMELT_PROXY_TLS names no setting"),
        ({"SNOWMELT_COLLECTOR_PORT": "0"}, "SNOWMELT_COLLECTOR_PORT is 0, so Nginx cannot know where to pass requests"),
        ({"SNOWMELT_IGLU_REPO_SERVER__PORT": "0"}, "SNOWMELT_IGLU_REPO_SERVER__PORT is 0"),
        ({"SNOWMELT_PROJECT": "/nowhere"}, "/nowhere holds no infra/nginx/: run from a checkout"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(tmp_path: Path, more: dict[str, str], sentence: str):
    assert cannot_start(environment(tmp_path / "home", free_ports(4), **more)).startswith(sentence)


def test_what_nginx_does_not_like_is_said(tmp_path: Path):
    nginx()
    project = tmp_path / "project"
    (project / "infra" / "nginx").mkdir(parents=True)
    for file in (ROOT / "infra" / "nginx").iterdir():
        text = file.read_text(encoding="utf-8").replace("sendfile on;", "sendfile on; nonsense;")
        (project / "infra" / "nginx" / file.name).write_text(text, encoding="utf-8")
    environ = environment(tmp_path / "home", free_ports(4), SNOWMELT_PROJECT=str(project))
    done = subprocess.run(COMMAND, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert re.search(r'refuses its configuration: .*unknown directive "nonsense"', done.stderr)


def test_render_only_writes_files(tmp_path: Path):
    environ = environment(tmp_path / "home", free_ports(4))
    done = subprocess.run(
        [*COMMAND, "--render", str(tmp_path / "out")], env=environ, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    files = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert files == {"nginx.conf", "sites/collector.conf", "sites/iglu.conf"}
    assert done.stdout.strip() == str(tmp_path / "out" / "nginx.conf")
    assert not (tmp_path / "home").exists()


def test_limits_are_read_from_the_collector_s_file(tmp_path: Path):
    (tmp_path / "collector.toml").write_text("[networking]\ndropPayloadSize = 4321\n", encoding="utf-8")
    arguments = ["--render", str(tmp_path / "out"), "--collector-config", str(tmp_path / "collector.toml")]
    subprocess.run([*COMMAND, *arguments], env=environment(tmp_path / "home", free_ports(4)), check=True, timeout=60)
    assert "client_max_body_size 4321;" in (tmp_path / "out" / "sites" / "collector.conf").read_text(encoding="utf-8")
