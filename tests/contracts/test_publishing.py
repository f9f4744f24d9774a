"""Publishing: each schema once, in a registry's own words where it refuses, one sentence where it cannot be asked."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.contracts.files import keyed, schema

from snowmelt.contracts.documents import ContractError
from snowmelt.contracts.publishing import IgluServer, Publication, Result

KEY, BODY = keyed(schema("com.acme/page/1-0-0"))
PATH = "/api/schemas/com.acme/page/jsonschema/1-0-0"
SECRET = "5fb4713d-73ad-4163-93a9-2b82f0177c5b"


class Registry:
    """Holds what is put into it, as an Iglu Server does; `refuse` may answer in its place."""

    def __init__(self, refuse: Callable[[httpx.Request], httpx.Response | None] = lambda request: None) -> None:
        self.held: dict[str, tuple[Any, bool]] = {}
        self.refuse = refuse
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        refusal = self.refuse(request)
        if refusal is not None:
            return refusal
        path = request.url.path
        if request.method == "GET":
            if path not in self.held:
                return httpx.Response(404, json={"message": "The schema is not found"})
            body, is_public = self.held[path]
            return httpx.Response(200, json={**body, "metadata": {"createdAt": "…", "isPublic": is_public}})
        if path in self.held:
            return httpx.Response(409, json={"message": "Schema already exists: publish 1-0-1"})
        self.held[path] = json.loads(request.content), request.url.params["isPublic"] == "true"
        return httpx.Response(201, json={"message": "Schema created"})

    def server(self, uri: str = "http://iglu.example/api") -> IgluServer:
        return IgluServer(uri, SECRET, httpx.MockTransport(self))


@pytest.mark.parametrize(
    "uri", ["http://iglu.example", "http://iglu.example/", "http://iglu.example/api", "http://iglu.example/api/"]
)
def test_a_schema_is_put_where_an_iglu_server_takes_it(uri: str) -> None:
    registry = Registry()
    assert registry.server(uri).publish(KEY, BODY, is_public=True) == Publication(KEY, Result.PUBLISHED)
    assert registry.held == {PATH: (BODY, True)}
    assert all(request.headers["apikey"] == SECRET for request in registry.asked)


def test_what_is_there_word_for_word_is_left_alone() -> None:
    registry = Registry()
    server = registry.server()
    server.publish(KEY, BODY, is_public=True)
    reordered = dict(reversed(BODY.items()))
    assert server.publish(KEY, reordered, is_public=True) == Publication(KEY, Result.THERE)
    assert [request.method for request in registry.asked] == ["GET", "PUT", "GET"]


def test_what_is_there_otherwise_is_refused_with_the_registrys_reason() -> None:
    registry = Registry()
    server = registry.server()
    server.publish(KEY, BODY, is_public=True)
    changed = {**BODY, "description": "Another."}
    refused = server.publish(KEY, changed, is_public=True)
    assert refused == Publication(KEY, Result.REFUSED, "Schema already exists: publish 1-0-1")
    assert registry.held == {PATH: (BODY, True)}


def test_what_is_private_does_not_become_public_in_silence() -> None:
    registry = Registry()
    server = registry.server()
    server.publish(KEY, BODY, is_public=False)
    assert registry.held == {PATH: (BODY, False)}
    said = "it is there, but private, and that does not change"
    assert server.publish(KEY, BODY, is_public=True) == Publication(KEY, Result.REFUSED, said)


def test_a_registry_for_development_replaces() -> None:
    server = Registry(lambda request: httpx.Response(200 if request.method == "PUT" else 404)).server()
    assert server.publish(KEY, BODY, is_public=True) == Publication(KEY, Result.REPLACED)


def test_what_a_registry_finds_in_a_schema_is_told() -> None:
    report = [{"message": "$.type has the unknown type 'text'", "level": "ERROR"}]
    refusal = {"message": "The schema does not conform", "report": report}
    server = Registry(lambda request: httpx.Response(400, json=refusal) if request.method == "PUT" else None).server()
    said = "The schema does not conform; $.type has the unknown type 'text'"
    assert server.publish(KEY, BODY, is_public=True) == Publication(KEY, Result.REFUSED, said)


def refused_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("[Errno 111] Connection refused")


def timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("")


def on_put(status: int, **parts: Any) -> Callable[[httpx.Request], httpx.Response | None]:
    return lambda request: httpx.Response(status, **parts) if request.method == "PUT" else None


@pytest.mark.parametrize(
    ("refuse", "said"),
    [
        (refused_connection, r"^http://iglu\.example/api does not answer: \[Errno 111\] Connection refused$"),
        (timeout, r"^http://iglu\.example/api does not answer in time$"),
        (on_put(403, json={"message": "not authorized"}), r"^the key may not publish iglu:.*: not authorized$"),
        (on_put(405), r"takes no schemas: it is no Iglu Server"),
        (on_put(503, text="<html>"), r"answers with status 503: Service Unavailable$"),
        (on_put(301, headers={"location": "https://x/"}), r"answers with status 301"),
    ],
)
def test_a_registry_that_cannot_be_asked_is_one_sentence(refuse: Any, said: str) -> None:
    with pytest.raises(ContractError, match=said) as error:
        Registry(refuse).server().publish(KEY, BODY, is_public=True)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("uri", ["iglu.example", "ftp://iglu.example", f"http://x:{SECRET}@iglu.example"])
def test_an_address_that_is_none_is_one_sentence(uri: str) -> None:
    with pytest.raises(ContractError, match="this registry cannot be asked: ") as error:
        IgluServer(uri, SECRET)
    assert SECRET not in str(error.value)
