"""Nginx as a machine has it: its configuration, its certificate, and Debian's nginx before our own applications."""

import http.client
import os
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.browsers.machine import free_ports
from tests.proxy.harness import Answer, exchange, gixy, nginx, running
from tests.terraform.machine.applications import healthy, started
from tests.terraform.machine.boxes import Box
from tests.terraform.machine.tools import run

TIMEOUT = 20
SCHEMA = b"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
EVENT = b'{"schema":"%s","data":[{"e":"pv","p":"web","tv":"t"}]}' % SCHEMA
FRONTED = {"collector": "/health", "iglu": "/api/meta/health", "page": "/health"}


@dataclass(frozen=True, slots=True)
class Front:
    """Nginx on loopback with everything else as on the machine."""

    main: Path
    certificate: Path
    plain: int
    tls: int
    application: int

    def ask(self, method: str, target: str, body: bytes | None = None, *, tls: bool = True, **headers: str) -> Answer:
        """The answer; the certificate is looked at by the test that is for it."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False
        connection = (
            http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=TIMEOUT, context=context)
            if tls
            else http.client.HTTPConnection("127.0.0.1", self.plain, timeout=TIMEOUT)
        )
        return exchange(connection, method, target, body, headers)


def moved(box: Box, folder: Path) -> Front:
    """The machine's Nginx in a folder, with its own certificate: paths, ports and user changed, nothing else."""
    plain, tls, application = free_ports(3)
    box.write(folder, "/etc/nginx/", "/var/lib/nginx/", "/usr/share/snowmelt/")
    (folder / "var/lib/nginx/snowmelt/temporary").mkdir(parents=True)
    (folder / "etc/nginx/tls").mkdir(parents=True)
    for file in (folder / "etc/nginx/nginx.conf", *(folder / "var/lib/nginx/snowmelt/sites").glob("*.conf")):
        text = file.read_text(encoding="utf-8")
        for path in ("/var/lib/nginx/snowmelt", "/etc/nginx/tls", "/usr/share/snowmelt"):
            text = text.replace(path, f"{folder}{path}")
        text = text.replace("/var/log/nginx/error.log notice", "stderr notice")
        text = text.replace("user nginx;", "user root;" if os.geteuid() == 0 else "")
        text = text.replace("listen 0.0.0.0:80;", f"listen 127.0.0.1:{plain};")
        text = text.replace("listen 0.0.0.0:443 ssl", f"listen 127.0.0.1:{tls} ssl")
        text = text.replace("server 0.0.0.0:8080;", f"server 127.0.0.1:{application};")
        file.write_text(text, encoding="utf-8")
    (shell,) = [command for command in box.commands if command[:2] == ["sh", "-c"] and "openssl" in command[2]]
    made = run("sh", "-c", shell[2].replace("/etc/nginx/tls", f"{folder}/etc/nginx/tls"))
    assert made.returncode == 0, made.stderr
    return Front(folder / "etc/nginx/nginx.conf", folder / "etc/nginx/tls/server.crt", plain, tls, application)


@pytest.fixture(scope="module", params=["collector", "iglu"])
def served(request, machine, root: Path, tmp_path_factory) -> Iterator[tuple[str, Front]]:
    """A stage's application with its Nginx in front."""
    stage, folder = request.param, tmp_path_factory.mktemp("front")
    front = moved(machine(stage), folder)
    port, metrics = front.application, free_ports(1)[0]
    changes = {
        "collector": {"SNOWMELT_COLLECTOR_PORT": str(port), "SNOWMELT_COLLECTOR_METRICS__PORT": str(metrics)},
        "iglu": {"SNOWMELT_IGLU_REPO_SERVER__PORT": str(port), "SNOWMELT_IGLU_DATABASE__TYPE": "sqlite"},
    }[stage]
    with started(machine(stage), stage, folder / "application", root, changes) as process:
        healthy(process, f"http://127.0.0.1:{port}{FRONTED[stage]}")
        with running(nginx(), front.main):
            yield stage, front


def test_it_passes_what_the_application_is_asked(served):
    stage, front = served
    assert front.ask("GET", FRONTED[stage]).status == 200
    assert front.ask("GET", FRONTED[stage], tls=False).status == 200  # a load balancer follows no redirect


def test_80_redirects_with_host_and_query_kept(served):
    _, front = served
    answer = front.ask("GET", "/i?e=pv&p=web", tls=False, Host="collector.example.com")
    assert answer.status == 308
    assert answer.headers["location"] == "https://collector.example.com/i?e=pv&p=web"


def test_the_console_is_served_with_its_headers(served, root):
    stage, front = served
    page = front.ask("GET", "/")
    assert page.body == (root / "web" / "console" / stage / "index.html").read_bytes()
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    for part in ("console.js", "console.css", "style.css"):
        assert front.ask("GET", f"/{part}").status == 200


@pytest.mark.parametrize(("version", "spoken"), [("TLSv1_3", True), ("TLSv1_2", True), ("TLSv1_1", False)])
def test_tls_1_2_and_1_3_are_spoken(served, version, spoken):
    _, front = served
    options = {"TLSv1_3": "-tls1_3", "TLSv1_2": "-tls1_2", "TLSv1_1": "-tls1_1"}
    command = [
        "openssl",
        "s_client",
        "-connect",
        f"127.0.0.1:{front.tls}",
        options[version],
        "-cipher",
        "ALL:@SECLEVEL=0",
    ]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=TIMEOUT, check=False)
    assert (b"Verify return code" in done.stdout and done.returncode == 0) == spoken


def test_the_key_is_nobody_elses(served):
    _, front = served
    assert front.certificate.with_name("server.key").stat().st_mode & 0o077 == 0
    text = run("openssl", "x509", "-in", front.certificate, "-noout", "-subject", "-ext", "basicConstraints").stdout
    assert "CN" in text


@pytest.mark.parametrize("served", ["collector"], indirect=True)
def test_an_event_is_accepted_and_a_large_one_too(served):
    _, front = served
    path, kind = "/com.snowplowanalytics.snowplow/tp2", {"Content_Type": "application/json"}
    assert front.ask("POST", path, EVENT, **kind).status == 200
    assert front.ask("POST", path, EVENT.replace(b'"t"', b'"' + b"t" * 900_000 + b'"'), **kind).status == 200
    assert front.ask("POST", path, b"x" * 2_200_000, **kind).status == 413
    assert front.ask("GET", "/metrics").status == 404  # for Prometheus, on a port of its own


@pytest.mark.parametrize("stage", FRONTED)
def test_an_application_that_is_down_is_502(stage, machine, tmp_path):
    front = moved(machine(stage), tmp_path)
    with running(nginx(), front.main):
        assert front.ask("GET", "/anything").status == 502


@pytest.mark.parametrize("stage", FRONTED)
def test_gixy_has_nothing_to_say(stage, machine, tmp_path):
    front = moved(machine(stage), tmp_path)
    checked = subprocess.run([gixy(), str(front.main)], capture_output=True, text=True, timeout=60, check=False)
    assert "No issues found" in checked.stdout, checked.stdout


def test_the_page_comes_up_with_its_own_environment(machine, root, tmp_path):
    built = run(root / "scripts" / "build_page.sh", tmp_path / "page" / "opt" / "snowmelt" / "page")
    assert built.returncode == 0, built.stderr
    port = free_ports(1)[0]
    with started(machine("page"), "page", tmp_path / "page", root, {"SNOWMELT_PAGE_PORT": str(port)}) as process:
        healthy(process, f"http://127.0.0.1:{port}/health")


def test_enrich_comes_up_with_its_own_environment(machine, root, tmp_path):
    """It answers no requests: here it reads what there is, which is nothing, and ends as it should."""
    with started(machine("enrich"), "enrich", tmp_path / "enrich", root, {}, "--once") as process:
        assert process.wait(60) == 0
    assert (tmp_path / "enrich" / "etc/snowmelt/enrichments/campaign_attribution.json").is_file()
