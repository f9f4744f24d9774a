"""Application settings: one frozen struct each, read once at start from a file and the environment."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, says where it came from and what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Base of every group of settings: Snowplow's camelCase keys in files, snake_case names in code."""


def read(kind: type[T], file: Path | None, environ: Mapping[str, str], prefix: str) -> T:
    """Settings of ``kind``: defaults, overridden by ``file`` (TOML or JSON), overridden by ``<prefix>_…`` variables.

    A nested key is reached by two underscores: ``SNOWMELT_COLLECTOR_COOKIE__NAME`` is ``cookie.name``.
    Raises SettingsError with one sentence.
    """
    tree = parse_file(file) if file else {}
    for name, value in environ.items():
        if name.startswith(f"{prefix}_"):
            steps = name.removeprefix(f"{prefix}_").lower().split("__")
            _override(tree, kind, steps, value, name)
    try:
        return msgspec.convert(tree, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file or 'the environment'}: {error}. Example: {_example(kind)}") from None


def parse_file(file: Path) -> dict[str, Any]:
    """The tree of keys in a TOML or JSON file; a file in Snowplow's HOCON is refused with what to do instead."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {file} cannot be read: {error}") from None
    try:
        match file.suffix:
            case ".toml":
                tree: Any = tomllib.loads(text)
            case ".json":
                tree = json.loads(text)
            case ".hocon" | ".conf":
                raise SettingsError(f"{file} is HOCON, which is not read here: write the same keys as TOML or JSON")
            case other:
                raise SettingsError(f"{file} ends in {other or 'nothing'}: a settings file is .toml or .json")
    except ValueError as error:
        raise error if isinstance(error, SettingsError) else SettingsError(f"{file} is not valid: {error}") from None
    if not isinstance(tree, dict):
        raise SettingsError(f"{file} holds {type(tree).__name__}, not a table of keys")
    return tree


def _override(tree: dict[str, Any], kind: type[Any], steps: list[str], value: str, source: str) -> None:
    """Sets one leaf of the tree from an environment variable, walking the struct so that a misspelt name is refused."""
    fields = {field.name: field.encode_name for field in msgspec.structs.fields(kind)}
    if steps[0] not in fields:
        raise SettingsError(f"{source} names no setting; the names here are {', '.join(sorted(fields))}")
    key = fields[steps[0]]
    if len(steps) == 1:
        tree[key] = _literal(value)
        return
    inner = get_type_hints(kind)[steps[0]]
    if not (isinstance(inner, type) and issubclass(inner, msgspec.Struct)):
        raise SettingsError(f"{source} goes deeper than the setting {steps[0]}, which is a single value")
    _override(tree.setdefault(key, {}), inner, steps[1:], value, source)


def _literal(value: str) -> Any:  # noqa: ANN401 - any JSON value
    """Lists and objects are written as JSON in a variable; anything else stays text and is converted by its type."""
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _example(kind: type[msgspec.Struct]) -> str:
    """The defaults as one line of JSON, which is a valid file."""
    try:
        text = msgspec.json.encode(kind()).decode()
    except (TypeError, msgspec.MsgspecError):
        return "see the documentation of the settings"
    return text if len(text) <= 300 else text[:300] + "…"
