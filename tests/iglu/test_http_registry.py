"""A registry over HTTP: what is found, what is not there, and what is no answer at all."""

import gzip
import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from tests.iglu.doubles import key

from snowmelt.iglu.http_registry import MAX_BYTES, MAX_SECONDS, HttpRegistry
from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import Resolver, Schema
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

KEY = key("com.acme/page/1-0-0")
HOST = "http://iglu.example"

APIKEY = "e6bd6f3a-0e4c-4a6e-9d8f-2f6f3c1f5a11"


def schema(of: SchemaKey) -> dict[str, object]:
    identity = {"vendor": of.vendor, "name": of.name, "format": of.format, "version": str(of.version)}
    return {"self": identity, "type": "object"}


class Clock:
    """Seconds, moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Server:
    """Answers what `answer` gives, and remembers what it was asked."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answer = answer
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)

    def registry(self, uri: str = HOST, apikey: str | None = None, clock: Clock | None = None) -> HttpRegistry:
        return HttpRegistry("test", uri, apikey=apikey, transport=httpx.MockTransport(self), clock=clock or Clock())


def always(status: int = 200, **parts: object) -> Server:
    return Server(lambda request: httpx.Response(status, **parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("uri", "asked"),
    [
        (HOST, f"{HOST}/schemas/com.acme/page/jsonschema/1-0-0"),
        (f"{HOST}/", f"{HOST}/schemas/com.acme/page/jsonschema/1-0-0"),
        (f"{HOST}/api", f"{HOST}/api/schemas/com.acme/page/jsonschema/1-0-0"),
        (f"{HOST}:8090/api/", f"{HOST}:8090/api/schemas/com.acme/page/jsonschema/1-0-0"),
    ],
)
def test_a_schema_is_at_the_address_of_its_key(uri: str, asked: str) -> None:
    server = always(json=schema(KEY))
    assert server.registry(uri).lookup(KEY) == schema(KEY)
    assert [str(request.url) for request in server.asked] == [asked]


def test_a_key_goes_into_its_header_and_no_other_does() -> None:
    server = always(json=schema(KEY))
    server.registry(apikey=APIKEY).lookup(KEY)
    server.registry().lookup(KEY)
    assert [request.headers.get("apikey") for request in server.asked] == [APIKEY, None]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 414, 422])
def test_a_refusal_means_that_there_is_none(status: int) -> None:
    registry = always(status, text="who knows").registry()
    assert registry.lookup(KEY) is None
    assert registry.versions("com.acme", "page", 1) == []


@pytest.mark.parametrize("name", ["..", ".", "v" * 300])
def test_a_name_that_leads_elsewhere_is_nowhere_and_not_asked_for(name: str) -> None:
    server = always(500)
    assert server.registry().lookup(SchemaKey(name, "page", "jsonschema", SchemaVer(1, 0, 0))) is None
    assert server.registry().versions("com.acme", name, 1) == []
    assert server.asked == []


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("[Errno 111] Connection refused")


def hang(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("timed out")


FAILURES = [
    ("an error of the server", always(500), "answers with status 500"),
    ("an error of a proxy", always(502, text="<html>"), "answers with status 502"),
    ("too many requests", always(429), "answers with status 429"),
    ("a key that is needed", always(401), "answers with status 401"),
    ("another address", always(301, headers={"location": "https://x/"}), "answers with status 301 and points to https"),
    ("a page instead of a schema", always(html="<p>Log in</p>"), f"the answer of {KEY} is not JSON"),
    ("nothing at all", always(204), f"the answer of {KEY} is not JSON"),
    ("no object", always(json=[1]), f"the answer of {KEY} does not name itself so"),
    ("another schema", always(json=schema(key("com.acme/page/1-0-1"))), f"the answer of {KEY} does not name itself so"),
    ("more than a schema", always(content=b" " * (MAX_BYTES + 1)), f"answers with more than {MAX_BYTES} bytes"),
    (
        "more than a schema, when unpacked",
        always(content=gzip.compress(b" " * (MAX_BYTES + 1)), headers={"content-encoding": "gzip"}),
        f"answers with more than {MAX_BYTES} bytes",
    ),
    ("broken packing", always(content=b"no", headers={"content-encoding": "gzip"}), "does not answer: "),
    ("nobody there", Server(refuse), f"{HOST} does not answer: [Errno 111] Connection refused"),
    ("nobody who answers", Server(hang), f"{HOST} does not answer in time"),
]


@pytest.mark.parametrize(("server", "said"), [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES])
def test_no_answer_is_a_failure_that_says_why(server: Server, said: str) -> None:
    with pytest.raises(RegistryFailure) as failure:
        server.registry(apikey=APIKEY).lookup(KEY)
    assert said in str(failure.value)
    assert APIKEY not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_an_answer_that_trickles_in_is_a_failure() -> None:
    clock = Clock()

    def drops() -> Iterator[bytes]:
        for _ in range(1000):
            clock.now += 1
            yield b" "

    with pytest.raises(RegistryFailure, match=f"does not answer in {MAX_SECONDS:.0f} seconds"):
        always(content=drops()).registry(clock=clock).lookup(KEY)
    assert clock.now < 1000 + 2 * MAX_SECONDS


def test_a_registry_rests_for_as_long_as_it_kept_us_waiting() -> None:
    """Or a registry that lets every request time out would delay each of many schemas."""
    clock = Clock()

    def slow(request: httpx.Request) -> httpx.Response:
        clock.now += 5
        raise httpx.ConnectTimeout("")

    server = Server(slow)
    registry = server.registry(clock=clock)
    for number in range(20):
        with pytest.raises(RegistryFailure, match="does not answer in time"):
            registry.lookup(key(f"com.acme/page/1-0-{number}"))
    assert len(server.asked) == 1
    clock.now += 5
    server.answer = always(json=schema(KEY)).answer
    assert registry.lookup(KEY) == schema(KEY)


def test_versions_are_those_that_are_listed() -> None:
    uris = [f"iglu:com.acme/page/jsonschema/{version}" for version in ("1-0-0", "1-0-10", "1-1-0", "2-0-0")]
    server = always(json=[*uris, "iglu:com.acme/other/jsonschema/1-0-5", "no URI"])
    versions = server.registry(f"{HOST}/api").versions("com.acme", "page", 1)
    assert versions == [SchemaVer(1, 0, 0), SchemaVer(1, 0, 10), SchemaVer(1, 1, 0)]
    assert [request.url.path for request in server.asked] == ["/api/schemas/com.acme/page/jsonschema/1"]


@pytest.mark.parametrize("listed", ["{", "5", "null", "[5]", "[[]]"])
def test_a_list_that_is_none_is_a_failure(listed: str) -> None:
    with pytest.raises(RegistryFailure, match=r"the list of com\.acme/page is not a list of Iglu URIs"):
        always(text=listed).registry().versions("com.acme", "page", 1)


def test_versions_are_found_one_by_one_where_nothing_is_listed() -> None:
    there = {str(key(f"com.acme/page/{version}").path) for version in ("1-0-0", "1-0-1", "1-1-0", "2-0-0", "1-3-0")}

    def static(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/schemas/")
        found = SchemaKey.parse(f"iglu:{path}")
        return httpx.Response(200, json=schema(found)) if found and path in there else httpx.Response(404)

    server = Server(static)
    assert server.registry().versions("com.acme", "page", 1) == [
        SchemaVer(1, 0, 0), SchemaVer(1, 0, 1), SchemaVer(1, 1, 0),
    ]  # fmt: skip
    assert len(server.asked) == 1 + 6, "the list, then each one and the next that is not there"


def test_a_failure_among_them_is_not_the_end_of_the_versions() -> None:
    answers = iter([httpx.Response(404), httpx.Response(200, json=schema(KEY)), httpx.Response(503)])
    with pytest.raises(RegistryFailure, match="503"):
        Server(lambda request: next(answers)).registry().versions("com.acme", "page", 1)


def test_nobody_listens(unused_tcp_port: int) -> None:
    registry = HttpRegistry("test", f"http://127.0.0.1:{unused_tcp_port}/api")
    with pytest.raises(RegistryFailure, match="Connection refused"):
        registry.lookup(KEY)


@pytest.fixture
def static(root: Path) -> Iterator[str]:
    """The schemas of the product as a static registry on a port of its own; gives its URI."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        serving.join()


def test_a_static_registry_is_read_as_it_lies(
    static: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # asked for nothing
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    registry = HttpRegistry("static", static)
    resolver = Resolver([registry])
    wanted = key("com.snowplowanalytics.snowplow/client_session/1-0-2")
    found = resolver.lookup(wanted)
    assert isinstance(found, Schema)
    assert found.body == json.loads((root / "schemas" / wanted.path).read_bytes())
    assert resolver.versions(wanted) == [SchemaVer(1, 0, 0), SchemaVer(1, 0, 1), SchemaVer(1, 0, 2)]
    assert registry.lookup(key("com.acme/none/1-0-0")) is None
