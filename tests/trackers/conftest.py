"""A laptop that trackers of servers have sent to."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.browsers.installation import Installation
from tests.browsers.machine import program
from tests.trackers.outcome import METHODS, Outcome, enriched, logged, node, refused, resolver


@pytest.fixture(scope="module", params=["python", "node"])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, root: Path) -> Outcome:
    """Every kind of event of one tracker, sent by GET and by POST through Nginx, whose certificate it trusts."""
    program("nginx")
    folder = tmp_path_factory.mktemp(request.param)
    command = node(folder) if request.param == "node" else [sys.executable, str(Path(__file__).parent / "send.py")]
    installation = Installation.on_free_ports(folder / "state", root)
    with installation.serving("proxy"):
        trusted = {name: str(installation.certificate) for name in ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")}
        acknowledged = {
            method: json.loads(
                subprocess.run(
                    [*command, installation.collector, method],
                    env=os.environ | trusted,
                    check=True,
                    capture_output=True,
                    timeout=60,
                ).stdout
            )
            for method in METHODS
        }
    configuration = folder / "resolver.json"
    configuration.write_text(json.dumps(resolver(folder / "registry", root)), encoding="utf-8")
    enrichments = str(root / "include" / "enrichments")
    installation.laptop.run("enrich", "--once", "--enrichments", enrichments, "--iglu-config", str(configuration))
    workspace = installation.laptop.workspace
    good = list(enriched(workspace))
    return Outcome(
        tracker=request.param,
        acknowledged=acknowledged,
        in_log=Counter(event["eid"] for event in logged(workspace)),
        good={str(row["event_id"]): row for row in good},
        rows=len(good),
        bad=list(refused(workspace)),
    )
