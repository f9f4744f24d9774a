"""Every action that AWS has, from the table that parliament brings, and parliament's own opinion of a policy."""

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


@cache
def actions() -> tuple[str, ...]:
    """All of them, such as `sqs:SendMessage`."""
    definition = _parliament().iam_definition
    return tuple(
        f"{service['prefix']}:{action['privilege']}" for service in definition for action in service["privileges"]
    )


def opinions(policy: str) -> Iterator[tuple[str, str]]:
    """Parliament's findings on a policy: what kind, and of what."""
    with _quietly():
        analyzed = _parliament().analyze_policy_string(policy)
    for finding in analyzed.findings:
        yield finding.issue, f"{finding.detail or ''}"


def of_service(service: str, names: Iterable[str]) -> list[str]:
    """The actions of a service among the names."""
    return [name for name in names if name.startswith(f"{service}:")]


@cache
def _parliament() -> Any:
    """The module. It asks pkg_resources, which setuptools no longer brings, where its own files are."""
    stand_in = ModuleType("pkg_resources")
    stand_in.resource_filename = _resource_filename  # type: ignore[attr-defined]
    missing = "pkg_resources" not in sys.modules
    if missing:
        sys.modules["pkg_resources"] = stand_in
    try:
        with _quietly():
            import parliament
    finally:
        if missing:
            del sys.modules["pkg_resources"]
    return parliament


def _resource_filename(package: str, name: str) -> str:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return str(Path(spec.origin).parent / name)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the warnings of a library that leaves files open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
