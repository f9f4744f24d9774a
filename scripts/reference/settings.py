"""The page of the settings: each application's struct, with the sentence under each field."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import get_args

import msgspec

APPLICATIONS: Mapping[str, tuple[str, str, str]] = {
    "Collector": ("snowmelt.collector.settings", "CollectorSettings", "SNOWMELT_COLLECTOR"),
    "Enrich": ("snowmelt.drain.settings", "EnrichSettings", "SNOWMELT_ENRICH"),
    "Registry": ("snowmelt.iglu.server.settings", "IgluSettings", "SNOWMELT_IGLU"),
    "Tracker page": ("snowmelt.page.settings", "PageSettings", "SNOWMELT_PAGE"),
    "Nginx": ("snowmelt.proxy.settings", "ProxySettings", "SNOWMELT_PROXY"),
    "Airflow": ("snowmelt.environment", "AirflowSettings", "SNOWMELT_AIRFLOW"),
    "News of failures": ("snowmelt.environment", "NotifySettings", "SNOWMELT_NOTIFY"),
}
"""Heading -> module, struct, prefix of its variables."""

INTRODUCTION = """# Settings

Each application reads a file, TOML or JSON with these keys, where `--config` names one, and variables of the
environment, which win. Every key is optional. Written from the code.
"""


def page() -> str:
    """The page as Markdown."""
    lines = [INTRODUCTION]
    for heading, (module, name, prefix) in APPLICATIONS.items():
        lines += [f"## {heading}", "", "| key | variable | default | meaning |", "|---|---|---|---|"]
        lines += _rows(getattr(import_module(module), name), (), prefix)
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(kind: type[msgspec.Struct], above: tuple[tuple[str, str], ...], prefix: str) -> Iterator[str]:
    meanings = _sentences(kind)
    for field in msgspec.structs.fields(kind):
        path = (*above, (field.encode_name, field.name))
        group = _group(field.type)
        if group is not None:
            yield f"| **{'.'.join(step for step, _ in path)}** | | | {_line(inspect.getdoc(group) or '')} |"
            yield from _rows(group, path, prefix)
            continue
        key = ".".join(step for step, _ in path)
        variable = f"{prefix}_{'__'.join(step.upper() for _, step in path)}"
        yield f"| `{key}` | `{variable}` | {_default(field)} | {meanings.get(field.name, '')} |"


def _group(hint: object) -> type[msgspec.Struct] | None:
    """The struct a field holds, where it holds one."""
    found = [one for one in (*get_args(hint), hint) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    return found[0] if found else None


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    if value in (None, (), {}, ""):
        return "none"
    shown = msgspec.json.encode(value).decode()
    return f"`{shown}`".replace("|", "\\|")


def _sentences(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Field -> the docstring under it, in the source of the struct."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            assert isinstance(below.value, ast.Constant)
            found[field.target.id] = _line(str(below.value.value))
    return found


def _line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")
