"""Requests that no honest client sends, to a real process: a clean refusal each, and nothing has changed."""

import http.client
import json
import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from tests.iglu.server.harness import SUPER_KEY, process, schema

from snowmelt.iglu.server.settings import Database

HEADERS = {"apikey": str(SUPER_KEY)}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A registry with one schema."""
    with process(tmp_path_factory.mktemp("registry"), Database(), patchesAllowed=True) as (running, port):
        body = json.dumps(schema("com.acme", "thing", "1-0-0"))
        assert ask(port, "POST", "/api/schemas", body)[0] == 201
        yield port
        running.popen.terminate()
        assert running.popen.wait(20) == 0
    assert [line for line in running.lines if b"ERROR" in line] == []


def ask(port: int, method: str, target: str, body: str | bytes | None = None) -> tuple[int, bytes]:
    """One request whose target is sent as it is written here."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, target, body, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def unchanged(port: int) -> bool:
    return ask(port, "GET", "/api/schemas") == (200, b'["iglu:com.acme/thing/jsonschema/1-0-0"]')


WORDS = [
    "..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc",
    "%c0%ae%c0%ae",
    "%00",
    "com.acme%00",
    "'%20or%20'1'='1",
    "';drop%20table%20registry_schemas;--",
    "%22%20union%20select%20digest%20from%20registry_keys--",
    "%25",
    "*",
    "com.acme%0d%0aX-Injected:%20yes",
    "%F0%9F%92%A9",
    "%ff%fe",
    "%E2%80%AEemca.moc",
    "com..acme",
    ".com",
    "{vendor}",
    "a" * 256,
    "a" * 20_000,
    "9" * 5_000,
]
"""Names that are none: traversal, statements, text that is no UTF-8, and sizes."""

VERSIONS = ["9" * 5_000, "-1", "1-0-" + "9" * 5_000, "01-0-0", "1-0-0%20", "%D9%A1-0-0", "2147483648", "1-0-2147483648"]
"""Versions that are none, in other scripts' digits, too."""

TARGETS = [f"com.acme/thing/jsonschema/{version}" for version in VERSIONS] + [
    target
    for word in WORDS
    for target in (
        f"{word}/thing/jsonschema/1-0-0",
        f"com.acme/{word}/jsonschema/1-0-0",
        f"com.acme/thing/{word}/1-0-0",
        f"com.acme/thing/jsonschema/{word}",
    )
]


def test_no_part_of_a_path_leads_anywhere(port: int) -> None:
    body = json.dumps({"description": "A test", "type": "object"})
    for target in TARGETS:
        for method, prefix in (
            ("GET", "/api/schemas"),
            ("GET", "/schemas"),
            ("PUT", "/api/schemas"),
            ("DELETE", "/api/schemas"),
            ("GET", "/api/drafts"),
            ("PUT", "/api/drafts"),
            ("POST", "/api/validation/validate"),
        ):
            status, answer = ask(port, method, f"{prefix}/{target}", body if method in ("PUT", "POST") else None)
            assert status in (400, 404, 405), (method, target, status)
            assert list(json.loads(answer)) == ["message"]
    assert unchanged(port)


@pytest.mark.parametrize(
    "target",
    [
        "/static/swagger-ui/../../../../../../../../etc/passwd",
        "/static/swagger-ui/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/swagger-ui/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/swagger-ui//etc/passwd",
        "/static/swagger-ui/%00",
        "/../../etc/passwd",
        "//etc/passwd",
        "/api/../../etc/passwd",
    ],
)
def test_no_file_is_served_but_the_page_s(port: int, target: str) -> None:
    status, answer = ask(port, "GET", target)
    assert status in (400, 404)
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "query", ["repr=';drop table x", "repr=meta&repr=x", "isPublic=1", "key=' or ''='", "repr=" + "a" * 30_000]
)
def test_no_parameter_is_taken_for_something_else(port: int, query: str) -> None:
    target = query.replace(" ", "%20").replace("'", "%27")
    for method, path in (("GET", "/api/schemas"), ("POST", "/api/schemas"), ("DELETE", "/api/auth/keygen")):
        assert ask(port, method, f"{path}?{target}", "{}" if method == "POST" else None)[0] in (200, 400)
    assert unchanged(port)


def deep(opening: str, closing: str) -> str:
    return f'{{"type": "object", "enum": {opening * 100_000}{closing * 100_000}}}'


BODIES = {
    "arrays in arrays": deep("[", "]"),
    "objects in objects": deep('{"a":', "}"),
    "a number of 100,000 digits": f'{{"maximum": {"9" * 100_000}}}',
    "a number beyond all floats": '{"maximum": 1e999999999}',
    "not a number": '{"maximum": NaN}',
    "no UTF-8": b'{"description": "\xff\xfe"}',
    "UTF-16": '{"type": "object"}'.encode("utf-16"),
    "nothing in a text": '{"description": "\\u0000", "type": 1}',
    "half a surrogate pair": '{"description": "\\ud800", "type": 1}',
    "a key twice": '{"type": "object", "type": "objekt"}',
    "a reference to itself": '{"$ref": "#", "type": "objekt"}',
    "a reference to a file": '{"$ref": "file:///etc/passwd"}',
    "a reference to the network": '{"$ref": "http://127.0.0.1:1/"}',
    "a pattern that does not end": '{"pattern": "(((((a+)+)+)+)+)+$("}',
    "a pattern of impossible size": '{"pattern": "(a{1,99999}){1,99999}"}',
    "a length of impossible size": '{"maxLength": 1e400, "minLength": 2e400}',
    "a million characters": json.dumps({"description": "a" * 900_000, "type": "objekt"}),
    "a self that is none": '{"self": [{}]}',
    "a self of numbers": '{"self": {"vendor": 1, "name": 2, "format": 3, "version": 4}}',
    "another format": json.dumps({"self": {**schema("com.acme", "x", "1-0-0")["self"], "format": "avro"}}),
    "versions that are none": '{"$supersedes": [1, null, {}]}',
    "what only the registry says": json.dumps({**schema("com.acme", "x", "1-0-0"), "$supersededBy": "7-0-0"}),
    "a true": "true",
    "a BOM": b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_is_taken_for_a_schema(port: int, name: str) -> None:
    for method, target in (
        ("POST", "/api/schemas"),
        ("PUT", "/api/schemas/com.acme/x/jsonschema/1-0-0"),
        ("PUT", "/api/schemas/com.acme/thing/jsonschema/1-0-0"),
        ("POST", "/api/validation/validate/instance"),
        ("POST", "/api/auth/keygen"),
    ):
        began = monotonic()
        status, answer = ask(port, method, target, BODIES[name])
        assert status == 400, (target, status, answer[:300])
        assert "message" in json.loads(answer)
        assert monotonic() - began < 10
    assert ask(port, "POST", "/api/validation/validate/schema/jsonschema", BODIES[name])[0] in (200, 400)
    assert unchanged(port)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/schemas\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /api/schemas/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/schemas HTTP/1.1\r\nHost: x\r\napikey: \xff\r\nConnection: close\r\n\r\n",
        b"GET /api/schemas HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000,
        b"POST /api/schemas HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/schemas HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/schemas HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + b"a" * 2_000_000,
    ],
    ids=["no version", "TLS", "bytes in a path", "bytes in a key", "headers", "length", "smuggling", "gigabytes"],
)
def test_no_bytes_are_taken_for_a_request(port: int, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        try:
            client.sendall(raw)
            answer = client.recv(1000)
        except ConnectionError:
            answer = b""
    assert answer == b"" or answer.split()[1] in (b"400", b"403", b"404", b"413", b"431")
    assert unchanged(port)
