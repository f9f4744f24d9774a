"""The real Nginx before a real collector: what reaches it, what is refused, and what visitors are answered."""

import os
import re
import shutil
import socket
import ssl
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from tests.collector.harness import Running, collecting, event
from tests.proxy.harness import Proxy, configured, nginx, proxying, running

from snowmelt.collector.settings import CollectorSettings, Networking
from snowmelt.protocol.collector_payload import CollectorPayload

TP2 = "/com.snowplowanalytics.snowplow/tp2"
JSON = "application/json; charset=UTF-8"
LIMITS = Networking(
    max_request_line_length=9_000, max_headers_length=20_000, max_header_value_length=3_000, drop_payload_size=50_000
)


@pytest.fixture(scope="module")
def collector() -> Iterator[Running]:
    with collecting(CollectorSettings(networking=LIMITS)) as collector:
        yield collector


@pytest.fixture(scope="module")
def proxy(collector: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    settings = CollectorSettings(networking=LIMITS)
    folder = tmp_path_factory.mktemp("proxy")
    with proxying(folder, settings, port=collector.port, metrics_port=collector.metrics_port or 0) as proxy:
        yield proxy


def newest(collector: Running) -> CollectorPayload:
    return collector.payloads()[-1]


# ---- from http to https


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_http_leads_to_https_with_host_query_and_method(proxy: Proxy, method: str):
    body = event(eid="redirected") if method == "POST" else None
    answer = proxy.ask_plainly(method, "/i?e=pv&page=a%20b%2Fc", body, Host="shop.acme.com:8081")
    assert answer.status == 308
    assert answer.headers["location"] == f"https://shop.acme.com:{proxy.tls}/i?e=pv&page=a%20b%2Fc"


def test_a_large_post_is_led_to_https_too(proxy: Proxy):
    assert proxy.ask_plainly("POST", TP2, b"x" * LIMITS.drop_payload_size).status == 308


def test_http_on_the_port_of_tls_leads_to_https(proxy: Proxy):
    answer = proxy.ask_plainly("GET", "/a/b?c=d", port=proxy.tls)
    assert (answer.status, answer.headers["location"]) == (308, f"https://localhost:{proxy.tls}/a/b?c=d")


def test_health_is_answered_without_tls(proxy: Proxy):
    answer = proxy.ask_plainly("GET", "/health")
    assert (answer.status, answer.body) == (200, b"OK")


# ---- TLS


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_two_current_versions_of_tls_are_spoken_and_http_2(proxy: Proxy, version: ssl.TLSVersion):
    context = proxy.context()
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.tls)) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as tls,
    ):
        assert tls.version() == version.name.replace("_", ".")
        assert tls.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_of_tls_are_refused(proxy: Proxy, version: ssl.TLSVersion):
    context = proxy.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", proxy.tls)) as raw,
        pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"),
    ):
        context.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_client_that_trusts_the_certificate_needs_no_exception(proxy: Proxy, name: str):
    context = proxy.context()
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    with socket.create_connection(("127.0.0.1", proxy.tls)) as raw, context.wrap_socket(raw, server_hostname=name):
        pass


# ---- what reaches the collector


def test_a_payload_is_acknowledged_and_stored_with_its_visitor_and_host(proxy: Proxy, collector: Running):
    answer = proxy.ask(
        "POST",
        f"{TP2}?stm=1",
        event(eid="one"),
        Content_Type=JSON,
        Host="Track.Acme.com:8443",
        X_Forwarded_For="203.0.113.9, 198.51.100.2",
        Cookie="sp=4a08a7a2-6e0d-4f4e-a0b5-5b2ab2ed0b4d",
        Origin="https://acme.com",
    )
    assert (answer.status, answer.body) == (200, b"ok")
    assert answer.headers["access-control-allow-origin"] == "https://acme.com"
    assert "sp=4a08a7a2" in answer.headers["set-cookie"]
    payload = newest(collector)
    assert (payload.ip_address, payload.hostname, payload.path, payload.querystring) == (
        "203.0.113.9", "track.acme.com", TP2, "stm=1",
    )  # fmt: skip
    assert payload.body == event(eid="one").decode()
    assert {
        "Host: track.acme.com:8443",
        "X-Forwarded-For: 203.0.113.9, 198.51.100.2, 127.0.0.1",
        "X-Forwarded-Proto: https",
    } <= set(payload.headers or ())
    assert not any(line.lower().startswith("connection") for line in payload.headers or ())


def test_a_visitor_without_a_proxy_has_the_address_of_the_connection(proxy: Proxy, collector: Running):
    assert proxy.ask("GET", "/i?e=pv").status == 200
    assert (newest(collector).ip_address, newest(collector).hostname) == ("127.0.0.1", "localhost")


@pytest.mark.parametrize("host", ["acme.com", "[::1]:8443", "127.0.0.1", "a-b.acme.com:1"])
def test_the_host_stays_as_it_was_asked(proxy: Proxy, collector: Running, host: str):
    proxy.ask("GET", "/i?e=pv", Host=host)
    assert f"Host: {host}" in (newest(collector).headers or ())


def test_paths_and_queries_pass_as_they_were_spelled(proxy: Proxy, collector: Running):
    query = "a=%20%2f&b=+&c=%E2%82%AC"
    assert proxy.ask("GET", f"/com.acme/v%31?{query}").status == 200
    assert (newest(collector).path, newest(collector).querystring) == ("/com.acme/v1", query)


def test_the_collector_s_answers_are_not_changed(proxy: Proxy, collector: Running):
    through = proxy.ask("GET", "/i?e=pv&nuid=x").headers
    host = f"localhost:{proxy.tls}"
    direct = collector.ask(f"GET /i?e=pv&nuid=x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).headers
    ours = {"server", "connection"}
    assert {name: value for name, value in through.items() if name not in ours} == {
        name.lower(): value for name, value in direct
    } | {"date": through["date"]}


# ---- limits, in step


def by_both(
    proxy: Proxy, collector: Running, method: str, target: str, body: bytes | None, **headers: str
) -> list[int]:
    """The status through Nginx, and without it."""
    direct = Proxy(proxy.machine, 0, collector.port, 0, 0)
    return [each(method, target, body, **headers).status for each in (proxy.ask, direct.ask_plainly)]


@pytest.mark.parametrize(
    ("size", "status"), [(LIMITS.drop_payload_size, 200), (LIMITS.drop_payload_size + 1, 413), (200_000, 413)]
)
def test_bodies_are_refused_at_the_same_size(proxy: Proxy, collector: Running, size: int, status: int):
    body = event(eid="", x="").ljust(size)
    assert by_both(proxy, collector, "POST", TP2, body, Content_Type=JSON) == [status, status]


@pytest.mark.parametrize(
    ("length", "status"),
    [(LIMITS.max_request_line_length, 200), (LIMITS.max_request_line_length + 1, 414), (12_000, 414)],
)
def test_targets_are_refused_at_the_same_length(proxy: Proxy, collector: Running, length: int, status: int):
    assert by_both(proxy, collector, "GET", "/i?x=".ljust(length, "x"), None) == [status, status]


@pytest.mark.parametrize(
    ("length", "status"), [(LIMITS.max_header_value_length, 200), (LIMITS.max_header_value_length + 1, 431)]
)
def test_headers_are_refused_at_the_same_length(proxy: Proxy, collector: Running, length: int, status: int):
    assert by_both(proxy, collector, "GET", "/i?e=pv", None, Referer="x" * length) == [status, status]


@pytest.mark.parametrize(("number", "status"), [(6, 200), (7, 431)])
def test_many_headers_are_refused_by_both(proxy: Proxy, collector: Running, number: int, status: int):
    headers = {f"X_Long_{at}": "x" * LIMITS.max_header_value_length for at in range(number)}
    longest = "/i?x=".ljust(LIMITS.max_request_line_length, "x")
    assert by_both(proxy, collector, "GET", longest, None, **headers) == [status, status]


# ---- what fails


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_collector_that_stops_is_answered_for_with_502(tmp_path: Path, method: str):
    body = event() if method == "POST" else None
    with ExitStack() as application:
        collector = application.enter_context(collecting())
        with proxying(tmp_path, port=collector.port) as proxy:
            assert proxy.ask(method, TP2, body, Content_Type=JSON).status == 200
            application.close()
            assert proxy.ask(method, TP2, body, Content_Type=JSON).status == 502
            assert proxy.ask("GET", "/").status == 200, "the console tells what is wrong"


def test_a_record_that_cannot_be_written_is_answered_503_so_that_it_is_sent_again(proxy: Proxy, collector: Running):
    collector.good.refusal = "the disk is full"
    try:
        assert proxy.ask("POST", TP2, event(), Content_Type=JSON).status == 503
    finally:
        collector.good.refusal = None


@contextmanager
def hanging_up() -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads a request and ends the connection, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    if begin := client.recv(65536):
                        asked.append(begin.partition(b" ")[0])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], asked
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(20)


def test_nothing_is_sent_twice(tmp_path: Path):
    with hanging_up() as (port, asked), proxying(tmp_path, port=port) as proxy:
        assert proxy.ask("POST", TP2, event()).status == 502
        assert proxy.ask("GET", "/i?e=pv").status == 502
    assert asked == [b"POST", b"GET"]


# ---- the console and the metrics


@pytest.mark.parametrize("site", ["collector", "iglu"])
def test_the_console_is_at_the_root_under_a_strict_policy(proxy: Proxy, root: Path, site: str):
    port = proxy.tls if site == "collector" else proxy.iglu_tls
    page = proxy.ask("GET", "/", port=port)
    assert page.body == (root / "web" / "console" / site / "index.html").read_bytes()
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    for link in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.body.decode()):
        file = proxy.ask("GET", link, port=port)
        assert file.status == 200, link
        assert file.headers["content-type"] in ("text/javascript", "text/css")
        assert file.headers["x-content-type-options"] == "nosniff"


def test_the_two_consoles_have_scripts_of_their_own(proxy: Proxy):
    assert proxy.ask("GET", "/console.js").body != proxy.ask("GET", "/console.js", port=proxy.iglu_tls).body


def test_metrics_are_the_collector_s(proxy: Proxy):
    answer = proxy.ask("GET", "/metrics")
    assert answer.status == 200
    assert b"snowmelt_collector_requests_total" in answer.body


def test_metrics_are_for_those_who_are_named(tmp_path: Path, collector: Running):
    proxy, main = configured(
        tmp_path,
        metrics_port=collector.metrics_port or 0,
        change=lambda machine: replace(machine, may_see_metrics=("192.0.2.1",)),
    )
    with running(nginx(), main):
        assert proxy.ask("GET", "/metrics").status == 403


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else; all other tests run as this user")
def test_it_needs_no_rights():
    with tempfile.TemporaryDirectory() as place, collecting() as collector:
        folder = Path(place)
        folder.chmod(0o755)
        for name in ("web", "infra"):
            shutil.copytree(Path(__file__).parents[2] / name, folder / "project" / name)
        proxy, main = configured(
            folder / "state",
            port=collector.port,
            change=lambda machine: replace(machine, user=None, project=folder / "project"),
        )
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, 65534, 65534)
        with running(nginx(), main, user=65534, group=65534, extra_groups=[]):
            assert proxy.ask("GET", "/").status == 200
            large = event(eid="large").ljust(300_000)  # more than Nginx keeps in memory
            assert proxy.ask("POST", TP2, large, Content_Type=JSON).status == 200
        assert msgspec.json.decode(newest(collector).body or "")["data"][0]["eid"] == "large"


def test_no_version_is_told(proxy: Proxy):
    assert proxy.ask("GET", "/nothing").headers["server"] == "nginx"
    assert not re.search(rb"nginx/\d", proxy.ask_plainly("GET", "/a").body)


def test_addresses_are_written_nowhere(proxy: Proxy):
    proxy.ask("GET", "/i?e=pv", X_Forwarded_For="203.0.113.77")
    files = [file for file in proxy.machine.folder.rglob("*") if file.is_file()]
    assert files
    assert not any(b"203.0.113.77" in file.read_bytes() for file in files)
