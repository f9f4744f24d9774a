"""The published bad-row schemas as judges, where they are."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import jsonschema_rs
import pytest

from snowmelt.protocol.bad_rows import BadRow

Judge = Callable[[BadRow], list[str]]


def is_uuid(text: str) -> bool:
    """The format the JVM clients assert, which draft 4 does not know."""
    return str(UUID(text)) == text.lower() if len(text) == 36 else False


@pytest.fixture(scope="session")
def violations(shared: Path) -> Judge:
    """What is wrong with a printed bad row by the schema it names; nothing, we hope."""
    folder = shared / "iglu-central" / "schemas"
    validators: dict[str, jsonschema_rs.Draft4Validator] = {}

    def judge(row: BadRow) -> list[str]:
        printed = json.loads(row.to_json())
        path = printed["schema"].removeprefix("iglu:")
        if path not in validators:
            schema = json.loads((folder / path).read_text())
            validators[path] = jsonschema_rs.Draft4Validator(
                {name: rule for name, rule in schema.items() if name not in ("$schema", "self")},
                validate_formats=True,
                formats={"uuid": is_uuid},
            )
        return [
            f"{error.instance_path}: {error.message}"[:300] for error in validators[path].iter_errors(printed["data"])
        ]

    return judge
