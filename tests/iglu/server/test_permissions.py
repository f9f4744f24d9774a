"""Who may do what, as a table: an action at a vendor, by a key of each level for com.acme."""

from collections.abc import Callable
from uuid import UUID, uuid5

import pytest
from tests.iglu.server.harness import SUPER_KEY, Made, schema, undone

from snowmelt.iglu.server import stored_keys
from snowmelt.iglu.server.permissions import Level, Permission, covers, digest, parse_key

LEVELS = ("anonymous", "READ", "BUMP", "CREATE", "CREATE_VENDOR", "KEYGEN", "SUPER")
MATRIX = """
                               anonymous READ BUMP CREATE CREATE_VENDOR KEYGEN SUPER
read      com.acme                 .      x    x     x          x          x     x
read      com.acme.shop            .      x    x     x          x          x     x
read      com.acmeshop             .      .    .     .          .          .     x
read      com                      .      .    .     .          .          .     x
list      com.acme                 .      x    x     x          x          x     x
list      com.acmeshop             .      .    .     .          .          .     x
validate  com.acme                 .      x    x     x          x          x     x
validate  com.acmeshop             .      .    .     .          .          .     x
bump      com.acme                 .      .    x     x          x          x     x
bump      com.acme.shop            .      .    x     x          x          x     x
bump      com.acmeshop             .      .    .     .          .          .     x
bump      com                      .      .    .     .          .          .     x
create    com.acme                 .      .    .     x          x          x     x
create    com.acme.shop            .      .    .     x          x          x     x
create    com.acme.fresh           .      .    .     .          x          x     x
create    com.acmeshop             .      .    .     .          .          .     x
create    com.acmefresh            .      .    .     .          .          .     x
draft     com.acme                 .      .    .     x          x          x     x
draft     com.acme.fresh           .      .    .     .          x          x     x
draft     com.acmeshop             .      .    .     .          .          .     x
keygen    com.acme                 .      .    .     .          .          x     x
keygen    com.acme.fresh           .      .    .     .          .          x     x
keygen    com.acmeshop             .      .    .     .          .          .     x
keygen    com                      .      .    .     .          .          .     x
keygen    *                        .      .    .     .          .          .     x
revoke    com.acme.shop            .      .    .     .          .          x     x
revoke    com.acmeshop             .      .    .     .          .          .     x
delete    com.acme                 .      .    .     .          .          .     x
"""

KEYS = {level.name: uuid5(UUID(int=1), level.name) for level in Level} | {"SUPER": SUPER_KEY}
REVOKED = {vendor: uuid5(UUID(int=2), vendor) for vendor in ("com.acme.shop", "com.acmeshop")}


def read(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("GET", f"/api/schemas/{vendor}/thing/jsonschema/1-0-0", key=key).status_code)


def lists(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("GET", f"/api/schemas/{vendor}", key=key).status_code)


def validate(made: Made, vendor: str, key: UUID | None) -> int:
    instance = {"schema": f"iglu:{vendor}/thing/jsonschema/1-0-0", "data": {}}
    return int(made.send("POST", "/api/validation/validate/instance", instance, key).status_code)


def bump(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("POST", "/api/schemas", schema(vendor, "thing", "1-0-1"), key).status_code)


def create(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("POST", "/api/schemas", schema(vendor, "new", "1-0-0"), key).status_code)


def draft(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("PUT", f"/api/drafts/{vendor}/new/jsonschema/1", {}, key).status_code)


def keygen(made: Made, vendor: str, key: UUID | None) -> int:
    return int(made.send("POST", "/api/auth/keygen", {"vendorPrefix": vendor}, key).status_code)


def revoke(made: Made, vendor: str, key: UUID | None) -> int:
    revoked = REVOKED[vendor]
    status = int(made.send("DELETE", f"/api/auth/keygen?key={revoked}", key=key).status_code)
    with made.registry.database.reading() as connection:
        assert (stored_keys.find(connection, revoked) is None) == (status == 200)
    return status


def delete(made: Made, vendor: str, key: UUID | None) -> int:
    """That it may not be done here at all is only said to those who might."""
    status = int(made.send("DELETE", f"/api/schemas/{vendor}/thing/jsonschema/1-0-0", key=key).status_code)
    return 200 if status == 405 else status


ACTIONS: dict[str, tuple[Callable[[Made, str, UUID | None], int], int]] = {
    "read": (read, 404),
    "list": (lists, 404),
    "validate": (validate, 404),
    "bump": (bump, 403),
    "create": (create, 403),
    "draft": (draft, 403),
    "keygen": (keygen, 403),
    "revoke": (revoke, 403),
    "delete": (delete, 403),
}
"""What each action is, and how it is refused: what is private is not even there."""


def test_the_matrix(made: Made) -> None:
    for vendor in ("com.acme", "com.acme.shop", "com.acmeshop", "com"):
        made.publish(vendor, "thing", "1-0-0")
    with made.registry.database.writing("keys") as connection:
        for name, key in KEYS.items():
            if key != SUPER_KEY:
                stored_keys.add(connection, key, Permission(Level[name], "com.acme"), made.registry.now())
        for vendor, key in REVOKED.items():
            stored_keys.add(connection, key, Permission(Level.CREATE_VENDOR, vendor), made.registry.now())
    found, wanted = [], []
    for line in MATRIX.split("\n")[2:-1]:
        action, vendor, *marks = line.split()
        run, refused = ACTIONS[action]
        for level, mark in zip(LEVELS, marks, strict=True):
            with undone(made):
                status = run(made, vendor, KEYS.get(level))
            found.append((action, vendor, level, "x" if status in (200, 201) else status))
            wanted.append((action, vendor, level, "x" if mark == "x" else refused))
    assert found == wanted


def test_made_keys_do_what_they_were_made_for(made: Made) -> None:
    """By the keys that a super key hands out, down to those which one of them hands out, and not after their end."""
    keys = made.send("POST", "/api/auth/keygen", {"vendorPrefix": "com.acme", "writeLevel": "KEYGEN"}, SUPER_KEY).json()
    lower = made.send("POST", "/api/auth/keygen", {"vendorPrefix": "com.acme.shop"}, keys["write"]).json()
    assert create(made, "com.acme.shop", lower["write"]) == 201
    assert create(made, "com.acme", lower["write"]) == 403
    assert made.send("GET", "/api/schemas/com.acme.shop", key=lower["read"]).status_code == 200
    assert made.send("DELETE", f"/api/auth/keygen?key={lower['read']}", key=keys["write"]).status_code == 200
    assert made.send("GET", "/api/schemas/com.acme.shop", key=lower["read"]).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "vendor", "covered"),
    [
        ("com.acme", "com.acme", True),
        ("com.acme", "com.acme.shop", True),
        ("com.acme", "com.acmeshop", False),
        ("com.acme", "com", False),
        ("com.acme", "com.acm", False),
        ("com.acme", "COM.ACME", False),
        ("", "com.acme", True),
    ],
)
def test_labels_count_and_not_characters(prefix: str, vendor: str, covered: bool) -> None:
    assert covers(prefix, vendor) == covered


@pytest.mark.parametrize(
    ("text", "is_key"),
    [
        ("86da37e8-fdac-406a-8c71-3ae964e75882", True),
        ("86DA37E8-FDAC-406A-8C71-3AE964E75882", True),
        ("86da37e8fdac406a8c713ae964e75882", False),
        ("{86da37e8-fdac-406a-8c71-3ae964e75882}", False),
        ("86da37e8-fdac-406a-8c71-3ae964e7588", False),
        ("", False),
    ],
)
def test_what_is_a_key(text: str, is_key: bool) -> None:
    key = parse_key(text)
    assert (key is not None) == is_key
    if key is not None:
        assert key == UUID(text)
        assert digest(key) != digest(UUID(int=0))
        assert str(key) not in digest(key)
