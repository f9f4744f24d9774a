"""The registry's unit with its own environment and its fetched secrets, before a real PostgreSQL."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browsers.machine import absent, free_ports
from tests.iglu.server import postgres
from tests.terraform.machine.applications import healthy, started
from tests.terraform.machine.tools import run

KEY = "5fb4713d-73ad-4163-93a9-2b82f0177c5b"


@pytest.fixture
def server() -> Iterator[Path]:
    home = postgres.binaries()
    if home is None:
        absent("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    with postgres.running(home) as folder:
        yield folder


def test_it_comes_up_with_what_secrets_manager_holds(machine, root, server, tmp_path):
    box, port = machine("iglu"), free_ports(1)[0]
    environment = box.environment("iglu")
    user, database = environment["SNOWMELT_IGLU_DATABASE__USERNAME"], environment["SNOWMELT_IGLU_DATABASE__DBNAME"]
    postgres.execute(server, f"create role {user} login")
    postgres.execute(server, f"create database {database} owner {user}")

    box.write(tmp_path, "/etc/snowmelt/", "/usr/local/lib/snowmelt/")
    (tmp_path / "aws").write_text(f'#!/bin/sh\ncase "$*" in *api-key*) echo {KEY} ;; *) echo "p#ss" ;; esac\n')
    (tmp_path / "aws").chmod(0o755)
    places = {"SNOWMELT_ETC": f"{tmp_path}/etc/snowmelt", "SNOWMELT_RUN": f"{tmp_path}/run"}
    fetched = run(tmp_path / "usr/local/lib/snowmelt/secrets.sh", "iglu", PATH=f"{tmp_path}:/usr/bin:/bin", **places)
    assert fetched.returncode == 0, fetched.stderr
    secrets = dict(line.split("=", 1) for line in (tmp_path / "run/iglu.env").read_text("utf-8").splitlines())

    changes = secrets | {"SNOWMELT_IGLU_DATABASE__HOST": str(server), "SNOWMELT_IGLU_REPO_SERVER__PORT": str(port)}
    with started(box, "iglu", tmp_path / "application", root, changes) as process:
        healthy(process, f"http://127.0.0.1:{port}/api/meta/health/db")
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/schemas", headers={"apikey": KEY})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert isinstance(json.load(answer), list)
