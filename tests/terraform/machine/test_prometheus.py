"""Prometheus as its machine has it: the configuration is checked by promtool, and a real one scrapes our collector."""

import json
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.browsers.machine import free_ports
from tests.terraform.machine.applications import healthy, started
from tests.terraform.machine.tools import program, run

PATIENCE_S = 60


@pytest.fixture
def etc(machine, tmp_path) -> Path:
    """Its files, with rules where they lie here."""
    machine("prometheus").write(tmp_path, "/etc/snowmelt/")
    folder = tmp_path / "etc" / "snowmelt"
    file = folder / "prometheus.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("/etc/snowmelt", str(folder)), encoding="utf-8")
    return folder


def test_promtool_has_nothing_to_say(etc):
    done = run(program("promtool", "prometheus"), "check", "config", "--lint-fatal", etc / "prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_go_off_when_they_should(etc, root):
    folder = root / "tests" / "terraform" / "machine"
    done = run(program("promtool", "prometheus"), "test", "rules", _beside(etc, folder / "rules_test.yml"))
    assert done.returncode == 0, done.stdout + done.stderr


def _beside(etc: Path, file: Path) -> Path:
    copy = etc / file.name
    copy.write_bytes(file.read_bytes())
    return copy


def test_it_scrapes_the_collector(etc, machine, root, tmp_path):
    port, metrics, web = free_ports(3)
    config = yaml.safe_load((etc / "prometheus.yml").read_text(encoding="utf-8"))
    stages, own = config["scrape_configs"]
    assert [found["port"] for found in stages.pop("ec2_sd_configs")] == [8125]
    del stages["relabel_configs"]  # of EC2's labels, which a fixed target has not
    stages["static_configs"] = [{"targets": [f"127.0.0.1:{metrics}"], "labels": {"stage": "collector"}}]
    own["static_configs"] = [{"targets": [f"127.0.0.1:{web}"]}]
    config["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
    (etc / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    words = [word.replace("/etc/snowmelt", str(etc)) for word in machine("prometheus").container("prometheus").command]
    words = [word.replace("=/data", f"={tmp_path / 'data'}").replace(":9090", f":{web}") for word in words]
    changes = {"SNOWMELT_COLLECTOR_PORT": str(port), "SNOWMELT_COLLECTOR_METRICS__PORT": str(metrics)}
    with started(machine("collector"), "collector", tmp_path / "collector", root, changes) as collector:
        healthy(collector, f"http://127.0.0.1:{port}/health")
        urllib.request.urlopen(f"http://127.0.0.1:{port}/i?e=pv&p=web", timeout=5).close()
        with (
            (tmp_path / "prometheus.log").open("wb") as log,
            subprocess.Popen([program("prometheus", "prometheus"), *words], stdout=log, stderr=log) as prometheus,
        ):
            try:
                healthy(prometheus, f"http://127.0.0.1:{web}/-/ready")
                found = _until(lambda: _query(web, 'snowmelt_collector_records_total{kind="good"}'))
                assert found == [({"stage": "collector", "kind": "good"}, "1")]
                assert _until(lambda: _query(web, "stage:records:rate5m"))
                assert _query(web, 'up{job="stages"}')[0][1] == "1"
            finally:
                prometheus.terminate()


def _query(port: int, expression: str) -> list[tuple[dict[str, str], str]]:
    asked = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{asked}", timeout=5) as answer:
        result = json.load(answer)["data"]["result"]
    kept = ("stage", "kind")
    return [({k: v for k, v in each["metric"].items() if k in kept}, each["value"][1]) for each in result]


def _until(ask: Callable[[], list[tuple[dict[str, str], str]]]) -> list[tuple[dict[str, str], str]]:
    until = time.monotonic() + PATIENCE_S
    while not (found := ask()):
        assert time.monotonic() < until, "Prometheus knows nothing of it"
    return found
