"""The configuration: limits that follow the applications', paths it can hold, and no known mistake."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.harness import configured, gixy, nginx

from snowmelt.collector.settings import CollectorSettings, Metrics, Networking
from snowmelt.iglu.server.settings import IgluSettings, RepoServer
from snowmelt.proxy.sites import SiteError, collector_site, header_buffers, iglu_site, write


def test_limits_and_times_are_the_collector_s():
    networking = Networking(drop_payload_size=5000, idle_timeout="40 seconds", response_header_timeout="1500 ms")
    site = collector_site(CollectorSettings(networking=networking), 443, 80)
    assert site.body_limit == 5000
    assert (site.read_timeout, site.idle_timeout, site.upstream_timeout) == (2, 40, 20)
    assert site.header_buffers == header_buffers(networking)


def test_limits_are_the_registry_s():
    server = RepoServer(port=9090, max_payload_size=700, idle_timeout="4 seconds")
    site = iglu_site(IgluSettings(repo_server=server), 8444, 8091)
    assert (site.upstream, site.body_limit, site.upstream_timeout) == ("127.0.0.1:9090", 700, 2)


@given(st.integers(1, 100_000), st.integers(1, 200_000), st.integers(1, 100_000))
def test_everything_the_collector_takes_fits_into_the_buffers(line: int, headers: int, value: int):
    networking = Networking(max_request_line_length=line, max_headers_length=headers, max_header_value_length=value)
    number, size = map(int, header_buffers(networking).split())
    assert size >= max(line, value) + 1024
    assert (number - 1) * (
        size - value - 1024
    ) >= headers  # the first is the request line's; each loses a value at most


@pytest.mark.parametrize(
    ("settings", "upstream", "metrics"),
    [
        (CollectorSettings(), "127.0.0.1:8080", "127.0.0.1:8125"),
        (CollectorSettings(interface="0.0.0.0", metrics=Metrics(interface="::")), "127.0.0.1:8080", "[::1]:8125"),
        (CollectorSettings(interface="10.0.0.7", metrics=Metrics(enabled=False)), "10.0.0.7:8080", None),
    ],
)
def test_applications_are_reached_where_they_listen(settings, upstream, metrics):
    site = collector_site(settings, 443, 80)
    assert (site.upstream, site.metrics) == (upstream, metrics)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (CollectorSettings(port=0), "SNOWMELT_COLLECTOR_PORT"),
        (CollectorSettings(metrics=Metrics(port=0)), "SNOWMELT_COLLECTOR_METRICS__PORT"),
    ],
)
def test_a_port_that_nobody_knows_is_refused(settings, name):
    with pytest.raises(SiteError, match=f"{name} is 0"):
        collector_site(settings, 443, 80)


@pytest.mark.parametrize("character", ['"', "$", "\\", ";", "{", "}", "\n"])
def test_a_folder_that_the_configuration_cannot_hold_is_refused(tmp_path: Path, character: str):
    with pytest.raises(SiteError, match="choose another"):
        configured(tmp_path / f"a{character}b")


def test_nginx_takes_the_configuration_from_a_folder_with_a_space(tmp_path: Path):
    program = nginx()
    _, main = configured(tmp_path / "my folder")
    done = subprocess.run(
        [program.program, "-t", "-c", main], env=program.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_the_address_of_the_tls_port_is_short_on_443(tmp_path: Path):
    proxy, main = configured(tmp_path)
    collector = CollectorSettings()
    for port, address in ((443, "https://$host$request_uri"), (8443, "https://$host:8443$request_uri")):
        write(proxy.machine, [collector_site(collector, port, 80)])
        assert f"return 308 {address};" in (main.parent / "sites" / "collector.conf").read_text(encoding="utf-8")


def test_without_metrics_there_is_no_place_for_them(tmp_path: Path):
    proxy, main = configured(tmp_path)
    write(proxy.machine, [collector_site(CollectorSettings(metrics=Metrics(enabled=False)), 443, 80)])
    assert "/metrics" not in (main.parent / "sites" / "collector.conf").read_text(encoding="utf-8")


def found_by_gixy(main: Path) -> list[str]:
    done = subprocess.run([sys.executable, gixy(), "-f", "json", str(main)], capture_output=True, text=True, timeout=60)
    return [f"{one['severity']} {one['plugin']} {one['reason']}" for one in json.loads(done.stdout)]


def test_gixy_finds_nothing(tmp_path: Path):
    _, main = configured(tmp_path)
    assert found_by_gixy(main) == []


def test_gixy_would_find_a_mistake_in_a_site(tmp_path: Path):
    _, main = configured(tmp_path)
    site = main.parent / "sites" / "iglu.conf"
    site.write_text(
        site.read_text("utf-8").replace("location / {", "location / { proxy_set_header Host $http_host;"), "utf-8"
    )
    assert any("host_spoofing" in one for one in found_by_gixy(main))


def test_settings_that_nobody_changed_give_the_collector_s_own_limits():
    site = collector_site(msgspec.convert({}, CollectorSettings), 443, 80)
    assert (site.body_limit, site.header_buffers) == (2 * 1024 * 1024, "3 34816")
