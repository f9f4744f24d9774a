"""Folders of schemas to work on."""

import json
from pathlib import Path
from typing import Any

from snowmelt.iglu.lint import METASCHEMA
from snowmelt.protocol.schema_key import SchemaKey

TEXT = {"description": "-", "type": "string", "maxLength": 10}
WHOLE = {"description": "-", "type": "integer", "minimum": 0, "maximum": 100}


def schema(path: str, properties: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """The schema of "vendor/name/1-0-0" without findings, with these changes."""
    vendor, name, version = path.split("/")
    return {
        "$schema": METASCHEMA,
        "self": {"vendor": vendor, "name": name, "format": "jsonschema", "version": version},
        "description": "-",
        "type": "object",
        "properties": {"id": TEXT} if properties is None else properties,
        "additionalProperties": False,
        **changes,
    }


def keyed(body: dict[str, Any]) -> tuple[SchemaKey, dict[str, Any]]:
    """The schema with its key."""
    named = body["self"]
    key = SchemaKey.parse(f"iglu:{named['vendor']}/{named['name']}/jsonschema/{named['version']}")
    assert key is not None
    return key, body


def write(folder: Path, *bodies: dict[str, Any]) -> list[Path]:
    """Lays schemas into a folder as a static registry does; gives their files."""
    files = []
    for body in bodies:
        file = folder / keyed(body)[0].path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(body))
        files.append(file)
    return files
