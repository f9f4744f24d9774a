"""What one part of a machine says of another: limits, addresses and places that have to be the same on both sides."""

import json
import re

import pytest

from snowmelt.collector.settings import CollectorSettings
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.proxy.sites import Site, collector_site, iglu_site

SITES = {"collector": collector_site(CollectorSettings(), 443, 80), "iglu": iglu_site(IgluSettings(), 443, 80)}
"""As a laptop has them: derived from the applications' own settings."""
SAID = {
    "body_limit": r"client_max_body_size (\d+);",
    "header_buffers": r"large_client_header_buffers (\d+ \d+);",
    "read_timeout": r"client_body_timeout (\d+)s;",
    "idle_timeout": r"server \{.*?\n    keepalive_timeout (\d+)s;",
}
PAGE_KEEPS_S = 5
"""uvicorn's own, which the tracker page leaves as it is."""


def site(machine, stage: str) -> str:
    return str(machine(stage).files[f"/var/lib/nginx/snowmelt/sites/{stage}.conf"])


@pytest.mark.parametrize("stage", SITES)
@pytest.mark.parametrize("number", SAID)
def test_nginx_takes_what_the_application_takes(machine, stage: str, number: str):
    wanted: Site = SITES[stage]
    assert set(re.findall(SAID[number], site(machine, stage), re.S)) == {str(getattr(wanted, number))}


@pytest.mark.parametrize(("stage", "kept"), [("collector", 610), ("iglu", 30), ("page", PAGE_KEEPS_S)])
def test_nginx_ends_a_quiet_connection_before_the_application_does(machine, stage: str, kept: int):
    (upstream,) = re.findall(r"upstream \S+ \{.*?keepalive_timeout (\d+)s;", site(machine, stage), re.S)
    assert int(upstream) < kept


@pytest.mark.parametrize("stage", ["collector", "iglu", "page"])
def test_systemd_waits_for_the_pid_that_nginx_writes(machine, stage: str):
    """Without it the distribution's unit waits at /run/nginx.pid, then takes Nginx for failed."""
    files = machine(stage).files
    (written,) = re.findall(r'(?m)^pid "(.*)";', files["/etc/nginx/nginx.conf"])
    drop_in = files["/etc/systemd/system/nginx.service.d/snowmelt.conf"]
    assert drop_in == f"[Service]\nPIDFile={written}\n"


def test_enrich_can_reach_its_registries(machine):
    """Nothing but HTTPS leaves the machines."""
    resolver = json.loads(machine("enrich").files["/etc/snowmelt/resolver.json"])
    addresses = [repository["connection"]["http"]["uri"] for repository in resolver["data"]["repositories"]]
    assert addresses
    assert [address for address in addresses if not address.startswith("https://")] == []
