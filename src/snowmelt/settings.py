"""Application settings: one frozen struct each, read once at start from a file and the environment."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Positive = Annotated[int, msgspec.Meta(ge=1)]

_UNITS = {"ms": 0.001, "millisecond": 0.001, "s": 1, "second": 1, "m": 60, "minute": 60, "h": 3600, "hour": 3600}
_UNITS |= {"d": 86400, "day": 86400}
_UNITS |= {f"{unit}s": factor for unit, factor in _UNITS.items() if len(unit) > 2}

_PLACE = re.compile(r" - at `\$\.?([^`\[]*)[^`]*`$")
"""How msgspec ends its message: where in the tree the value is that cannot be used."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, says where it came from and what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Base of every group of settings: Snowplow's camelCase keys in files, snake_case names in code."""


def seconds(duration: str) -> float:
    """Seconds in a duration as Snowplow's files spell it: ``365 days``, ``60 minutes``, ``10 s``, ``500ms``.

    Raises ValueError for anything else.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]+)", duration.strip().lower())
    if not match or match[2] not in _UNITS:
        raise ValueError(f"{duration!r} is no duration, write it as '30 seconds' or '365 days'")
    return float(match[1]) * _UNITS[match[2]]


def read(kind: type[T], file: Path | None, environ: Mapping[str, str], prefix: str) -> T:
    """Settings of ``kind``: defaults, overridden by ``file`` (TOML or JSON), overridden by ``<prefix>_…`` variables.

    A nested key is reached by two underscores: ``SNOWMELT_COLLECTOR_COOKIE__NAME`` is ``cookie.name``.
    Raises SettingsError with one sentence.
    """
    tree = parse_file(file) if file else {}
    variables: dict[str, str] = {}
    for name in sorted(name for name in environ if name.startswith(f"{prefix}_")):  # a group before its own keys
        steps = name.removeprefix(f"{prefix}_").lower().split("__")
        variables[_override(tree, kind, steps, environ[name], name)] = name
    try:
        return msgspec.convert(tree, kind, strict=False)
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        place, problem = (found[1], _PLACE.sub("", str(error))) if found else ("", str(error))
        raise SettingsError(f"{_source(place, file, variables)}: {problem}. Example: {_example(kind, place)}") from None


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


def _override(tree: dict[str, Any], kind: type[Any], steps: list[str], value: str, source: str) -> str:
    """Sets one leaf of the tree from an environment variable and gives its place in the tree, like ``cookie.name``.

    It walks the struct, so that a misspelt name is refused.
    """
    fields = {field.name: field.encode_name for field in msgspec.structs.fields(kind)}
    if steps[0] not in fields:
        raise SettingsError(f"{source} names no setting; the names here are {', '.join(sorted(fields))}")
    key = fields[steps[0]]
    if len(steps) == 1:
        tree[key] = _literal(value)
        return key
    hint = get_type_hints(kind)[steps[0]]
    groups = [one for one in get_args(hint) or (hint,) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    if not groups:
        raise SettingsError(f"{source} goes deeper than the setting {steps[0]}, which is a single value")
    group = tree.setdefault(key, {})
    if not isinstance(group, dict):
        raise SettingsError(f"{source} is one key of {key}, which is {group!r} in the settings file: make it a group")
    return f"{key}.{_override(group, groups[0], steps[1:], value, source)}"


def _literal(value: str) -> Any:  # noqa: ANN401 - any JSON value
    """Lists and objects are written as JSON in a variable; anything else stays text and is converted by its type."""
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _source(place: str, file: Path | None, variables: Mapping[str, str]) -> str:
    """Who may have set what is wrong at a place of the tree."""
    if place in variables:
        return variables[place]
    within = [name for at, name in sorted(variables.items()) if at.startswith(f"{place}.")]
    named = f"{file}: {place}" if place else str(file)
    return " or ".join([named, *within] if file else within) or "the environment"


def _example(kind: type[msgspec.Struct], place: str) -> str:
    """The default at a place in the tree, or all that are at the top, as one line of JSON that is a valid file."""
    example: Any = msgspec.to_builtins(kind())
    keys = place.split(".") if place else []
    for key in keys:
        example = example.get(key) if isinstance(example, dict) else None
    if not keys:
        example = {key: value for key, value in example.items() if not isinstance(value, dict)}
    for key in reversed(keys):
        example = {key: example}
    return json.dumps(example, ensure_ascii=False)
