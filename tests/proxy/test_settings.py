"""Where Nginx listens, by who runs it."""

from pathlib import Path

import pytest

from snowmelt.proxy.settings import CollectorPorts, ProxySettings, first_port
from snowmelt.settings import SettingsError, read


@pytest.mark.parametrize(
    ("settings", "lowest", "ports"),
    [
        (CollectorPorts(), 1, (443, 80)),
        (CollectorPorts(), 80, (443, 80)),
        (CollectorPorts(), 443, (443, 8081)),
        (CollectorPorts(), 1024, (8443, 8081)),
        (CollectorPorts(tls_port=9443), 1024, (9443, 8081)),
        (CollectorPorts(plain_port=9080), 1, (443, 9080)),
        (CollectorPorts(tls_port=443, plain_port=80), 1024, (443, 80)),
    ],
)
def test_the_known_ports_are_taken_where_the_user_may(settings, lowest, ports):
    resolved = ProxySettings(collector=settings).resolved(lambda port: port >= lowest)
    assert (resolved.collector.tls_port, resolved.collector.plain_port) == ports


@pytest.mark.parametrize(
    ("user", "limit", "lowest"),
    [(0, "1024\n", 1), (1000, "1024\n", 1024), (1000, "0\n", 0), (1000, "80\n", 80), (1000, None, 1024)],
)
def test_the_lowest_port_is_root_s_or_what_linux_says(tmp_path: Path, user, limit, lowest):
    file = tmp_path / "ip_unprivileged_port_start"
    if limit is not None:
        file.write_text(limit, encoding="ascii")
    assert first_port(user, file) == lowest


def test_ports_are_read_from_the_environment():
    environ = {"SNOWMELT_PROXY_COLLECTOR__TLS_PORT": "9443", "SNOWMELT_PROXY_IGLU__PLAIN_PORT": "9091"}
    settings = read(ProxySettings, None, environ, "SNOWMELT_PROXY")
    assert (settings.collector.tls_port, settings.iglu.tls_port, settings.iglu.plain_port) == (9443, 8444, 9091)


def test_no_port_stands_for_any_as_nobody_could_find_it():
    with pytest.raises(SettingsError, match="SNOWMELT_PROXY_IGLU__TLS_PORT"):
        read(ProxySettings, None, {"SNOWMELT_PROXY_IGLU__TLS_PORT": "0"}, "SNOWMELT_PROXY")
