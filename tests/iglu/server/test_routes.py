"""Every route with what was asked of it and what it answered, on either database, as files."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from tests.iglu.server.harness import SUPER_KEY, Made, schema, undone
from tests.iglu.server.harness import made as make

from snowmelt.iglu.server import stored_keys
from snowmelt.iglu.server.permissions import Level, Permission
from snowmelt.iglu.server.settings import Database, IgluSettings

FOLDER = Path(__file__).parent / "cases"
REQUESTS: list[dict[str, Any]] = json.loads((FOLDER / "requests.json").read_text(encoding="utf-8"))
SHOWN = ("content-type", "cache-control", "etag", "vary", "allow")

KEYS = {level.name: uuid5(UUID(int=0), level.name) for level in Level} | {"SUPER": SUPER_KEY}


@pytest.fixture
def stocked(database: Database, tmp_path: Path) -> Iterator[Made]:
    """A registry with public and private schemas, a draft, and a key of each level for com.acme."""
    with make(IgluSettings(database=database, debug=True), Path(database.path or tmp_path)) as made:
        stock(made)
        yield made


def stock(made: Made) -> None:
    with made.registry.database.writing("keys") as connection:
        for name, key in KEYS.items():
            if key != SUPER_KEY:
                stored_keys.add(connection, key, Permission(Level[name], "com.acme"), made.registry.now())
    for version, more in {"1-0-0": {}, "1-0-1": {}, "1-1-0": {"$supersedes": ["1-0-1"]}, "2-0-0": {}}.items():
        made.publish("com.acme", "ad_click", version, public=True, **more)
        made.clock.now += 1
    properties = {"price": {"description": "A price", "type": "number", "minimum": 0, "maximum": 9.90}}
    made.publish("com.acme", "typed", "1-0-0", public=True, properties=properties)
    made.publish("com.acme", "secret", "1-0-0")
    made.publish("com.other", "thing", "1-0-0", public=True)
    made.publish("com.hidden", "thing", "1-0-0")
    draft = made.send("PUT", "/api/drafts/com.acme/idea/jsonschema/3", {"type": "object"}, SUPER_KEY)
    assert draft.status_code == 201


def paths(app: FastAPI) -> Iterator[str]:
    """The routes of the API."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in route.methods if not route.path.startswith("/static"))


def ask(made: Made, case: dict[str, Any]) -> dict[str, Any]:
    """What is answered to a case, as far as it is the same in every run."""
    body = case.get("body")
    if isinstance(body, dict) and "schema" in body and not str(body["schema"]).startswith("iglu:"):
        body = schema(*body["schema"].split("/"), **body.get("more", {}))
    if body == {"deep": 5000}:
        body = "[" * 5000 + "]" * 5000
    key = KEYS.get(case.get("key", ""), case.get("key"))
    answer = made.send(case["method"], case["path"].format(**KEYS), body, key, **tags(made, case.get("headers", {})))
    headers = {name: answer.headers[name] for name in SHOWN if name in answer.headers}
    text = answer.text.replace(made.registry.database.kind, "<database>")
    is_json = headers.get("content-type") == "application/json" and text
    return {"status": answer.status_code, "headers": headers, "body": json.loads(text) if is_json else text}


def tags(made: Made, headers: dict[str, str]) -> dict[str, str]:
    """The headers of a case, with the entity tags that an earlier answer had."""
    addresses = {"LIST": "/api/schemas", "SCHEMA": "/api/schemas/com.acme/ad_click/jsonschema/1-0-0"}
    for word, address in addresses.items():
        if any(f'"{word}"' in value for value in headers.values()):
            tag = made.send("GET", address).headers["ETag"]
            headers = {name: value.replace(f'"{word}"', tag) for name, value in headers.items()}
    return headers


def test_every_route_answers_as_it_did(
    stocked: Made, golden: Callable[[Path, object], None], routes: tuple[set[str], set[str]]
) -> None:
    answers = {}
    for case in REQUESTS:
        with undone(stocked):
            answers[case["name"]] = ask(stocked, case)
    golden(FOLDER / "answers.json", answers)
    covered, every = routes
    covered |= {case["route"] for case in REQUESTS}
    every |= set(paths(stocked.app))


def test_every_route_has_a_case(stocked: Made) -> None:
    assert set(paths(stocked.app)) == {case["route"] for case in REQUESTS}


def test_no_two_cases_have_a_name() -> None:
    names = [case["name"] for case in REQUESTS]
    assert sorted(names) == sorted(set(names))
