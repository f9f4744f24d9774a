"""The application as browsers and tools see it: CORS, methods, the API's page, failures, and whatever may be sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from sqlalchemy import text
from tests.iglu.server.harness import SQLITE, SUPER_KEY, Made, schema
from tests.iglu.server.harness import made as make

from snowmelt.iglu.server.settings import Database, IgluSettings, Swagger

ADDRESS = "/api/schemas/com.acme/thing/jsonschema/1-0-0"


@SQLITE
def test_any_origin_may_ask(made: Made) -> None:
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type, apikey"}
    answer = made.send("OPTIONS", ADDRESS, Origin="https://console.example", **asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"content-type", "apikey"} <= set(answer.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    got = made.send("GET", "/api/schemas", Origin="https://console.example")
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["Access-Control-Expose-Headers"] == "ETag"


@SQLITE
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", ADDRESS, "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("POST", ADDRESS, "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("TRACE", "/api/schemas", "GET, HEAD, OPTIONS, POST"),
        ("PUT", ADDRESS.removeprefix("/api"), "GET, HEAD, OPTIONS"),
        ("GET", "/api/auth/keygen", "DELETE, OPTIONS, POST"),
    ],
)
def test_a_method_that_an_address_does_not_have(made: Made, method: str, path: str, allowed: str) -> None:
    answer = made.send(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json() == {"message": f"{method} is not for this address"}
    options = made.send("OPTIONS", path)
    assert (options.status_code, options.headers["Allow"]) == (204, allowed)


@SQLITE
def test_the_api_s_page_loads_nothing_from_elsewhere(made: Made) -> None:
    page = made.send("GET", "/static").text
    loaded = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert [made.send("GET", address).status_code for address in loaded] == [200] * len(loaded)
    assert "https://" not in page
    assert '"validatorUrl": null' in page
    assert "/api/openapi.json" in page


def test_the_api_s_page_behind_a_proxy(tmp_path: Path) -> None:
    for base_url, servers in (("/api", None), ("/registry/api/", [{"url": "/registry"}])):
        with make(IgluSettings(swagger=Swagger(base_url=base_url)), tmp_path / "registry.sqlite") as made:
            assert made.send("GET", "/api/openapi.json").json().get("servers") == servers


@SQLITE
def test_debugging_is_off_unless_set(made: Made) -> None:
    assert made.send("GET", "/api/debug", key=SUPER_KEY).json() == {"message": "The endpoint does not exist"}


def test_a_database_that_fails(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    with made.registry.database.writing("test") as connection:
        connection.execute(text("drop table registry_schemas"))
    answer = made.send("POST", "/api/schemas", schema("com.acme", "a", "1-0-0", description="hush"), SUPER_KEY)
    assert answer.status_code == 503
    assert answer.json() == {"message": "The database is not available"}
    assert "registry_schemas" in caplog.text
    assert "hush" not in caplog.text


def test_a_database_that_is_away(tmp_path: Path) -> None:
    with make(IgluSettings(), tmp_path / "registry.sqlite") as made:
        made.registry.database.close()
        (tmp_path / "registry.sqlite").write_text("gone" * 1000)
        assert made.send("GET", "/api/meta/health").status_code == 200
        assert made.send("GET", "/api/meta/health/db").status_code == 500
        assert made.send("GET", "/api/schemas").status_code == 503


@pytest.fixture
def development(database: Database, tmp_path: Path) -> Iterator[Made]:
    """A registry that allows patches."""
    with make(IgluSettings(database=database, patches_allowed=True), Path(database.path or tmp_path)) as made:
        yield made


def test_where_patches_are_allowed_a_schema_is_replaced(development: Made) -> None:
    made = development
    made.publish("com.acme", "thing", "1-0-0")
    made.publish("com.acme", "thing", "1-0-1")
    before = made.send("GET", ADDRESS, key=SUPER_KEY)
    made.clock.now += 60
    answer = made.send("PUT", ADDRESS, schema("com.acme", "thing", "1-0-0", description="Mended"), SUPER_KEY)
    wanted = {"message": "Schema updated", "updated": True, "location": f"iglu:{ADDRESS[13:]}", "status": 200}
    assert (answer.status_code, answer.json()) == (200, wanted)
    after = made.send("GET", f"{ADDRESS}?repr=meta", key=SUPER_KEY)
    assert after.json()["description"] == "Mended"
    assert after.json()["metadata"]["createdAt"] < after.json()["metadata"]["updatedAt"]
    assert made.send("GET", ADDRESS, key=SUPER_KEY).headers["ETag"] != before.headers["ETag"]


def test_where_patches_are_allowed_a_schema_is_deleted_unless_another_needs_it(development: Made) -> None:
    made = development
    for version, more in {"1-0-0": {}, "1-0-1": {"$supersedes": ["1-0-0"]}}.items():
        made.publish("com.acme", "thing", version, **more)
    needed = made.send("DELETE", ADDRESS, key=SUPER_KEY)
    assert needed.status_code == 409
    assert "withdraw 1-0-1 first" in needed.json()["message"]
    assert made.send("GET", ADDRESS, key=SUPER_KEY).json()["$supersededBy"] == "1-0-1"
    deleted = made.send("DELETE", ADDRESS[:-1] + "1", key=SUPER_KEY)
    assert (deleted.status_code, deleted.json()) == (200, {"message": "Schema deleted"})
    assert "$supersededBy" not in made.send("GET", ADDRESS, key=SUPER_KEY).json()
    assert made.send("DELETE", ADDRESS, key=SUPER_KEY).status_code == 200
    assert made.send("GET", ADDRESS, key=SUPER_KEY).status_code == 404


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
)
"""No failure, and nothing that the API's document does not announce."""


@pytest.mark.parametrize("key", [None, SUPER_KEY], ids=["anonymous", "super"])
def test_whatever_is_sent_is_answered_as_documented(tmp_path: Path, key: object) -> None:
    headers = {} if key is None else {"apikey": str(key)}
    with make(IgluSettings(debug=True, patches_allowed=True), tmp_path / "registry.sqlite") as made:
        made.publish("com.acme", "thing", "1-0-0", public=True)
        operations = [
            one.ok() for one in schemathesis.openapi.from_asgi("/api/openapi.json", made.app).get_all_operations()
        ]
        for operation in operations:
            fuzz(operation, headers)
        assert len(operations) == 18


def fuzz(operation: schemathesis.APIOperation, headers: dict[str, str]) -> None:
    """Sends what the document allows, and what it does not."""

    @settings(
        max_examples=8,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def send(case: Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    send()
