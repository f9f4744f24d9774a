"""What a tracker sent, what the log holds of it and what enrich made of it."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb
from tests.browsers.machine import absent, program

from snowmelt.protocol.collector_payload import decode
from snowmelt.protocol.schema_key import SchemaKey
from snowmelt.streams.segments import SegmentReader
from snowmelt.workspace import Workspace

METHODS = ("get", "post")

NOT_OURS = [
    "iglu:com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-0",
    *(
        f"iglu:com.snowplowanalytics.snowplow/{name}/jsonschema/1-0-0"
        for name in (
            "ad_click",
            "ad_conversion",
            "ad_impression",
            "add_to_cart",
            "consent_document",
            "consent_granted",
            "consent_withdrawn",
            "remove_from_cart",
            "screen_view",
            "site_search",
            "social_interaction",
        )
    ),
]
"""Schemas that trackers name and the product does not bring: whoever sends such events registers them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One tracker's events on their way."""

    tracker: str
    acknowledged: dict[str, dict[str, str]]
    """Method -> kind of event -> id of the event."""
    in_log: Counter[str]
    """Id of an event -> how often the log holds it."""
    good: dict[str, dict[str, Any]]
    """Id of an event -> the columns of its enriched row that are not null."""
    rows: int
    bad: list[dict[str, Any]]


def node(folder: Path) -> list[str]:
    """The command line of the Node tracker, installed from its lock into ``folder``."""
    command, npm = program("node"), program("npm")
    for file in (Path(__file__).parent / "node").iterdir():
        shutil.copy(file, folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    done = subprocess.run([npm, "ci", *options], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        absent(f"npm cannot install the Node tracker: {done.stderr.strip()[-500:]}")
    return [command, str(folder / "send.mjs")]


def resolver(folder: Path, root: Path) -> dict[str, Any]:
    """A resolver configuration: our schemas, and a registry in ``folder`` that takes any object for the others."""
    for key in filter(None, map(SchemaKey.parse, NOT_OURS)):
        file = folder / key.path
        file.parent.mkdir(parents=True)
        self_description = {"vendor": key.vendor, "name": key.name, "format": key.format, "version": str(key.version)}
        file.write_text(json.dumps({"self": self_description, "type": "object"}), encoding="utf-8")
    repositories = [
        {"name": path.name, "priority": 0, "vendorPrefixes": [], "connection": {"embedded": {"path": str(path)}}}
        for path in (root / "schemas", folder)
    ]
    return {
        "schema": "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3",
        "data": {"cacheSize": 500, "cacheTtl": 600, "repositories": repositories},
    }


def logged(workspace: Workspace) -> Iterator[dict[str, str]]:
    """The events of the collector's log as their trackers wrote them."""
    reader = SegmentReader(workspace.log)
    for partition in reader.partitions():
        for entry in reader.read(partition, None, 1000, 1 << 30):
            payload = decode(entry.data)
            query = dict(parse_qsl(payload.querystring or ""))
            yield from json.loads(payload.body)["data"] if payload.body else [query]


def enriched(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """The rows of all run folders, without what is null."""
    files = workspace.lake / "*" / "output=good" / "*.parquet"
    with duckdb.connect() as connection:
        sql = "select * from read_parquet(?, union_by_name = true, hive_partitioning = false)"
        rows = connection.execute(sql, [str(files)])
        names = [column[0] for column in rows.description]
        for row in rows.fetchall():
            yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def refused(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """The bad rows of all run folders."""
    for file in workspace.lake.glob("*/output=bad/*.json"):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())
