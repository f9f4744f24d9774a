"""Recorded records and what a JVM enrich made of them."""

import gzip
import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Recording:
    """One Thrift record, the enriched TSV lines and the bad rows that came of it."""

    id: str
    record: bytes
    good: list[str]
    bad: list[dict[str, Any]]

    @classmethod
    def of(cls, line: dict[str, Any], record_key: str) -> "Recording":
        return cls(line["id"], b64decode(line[record_key]), line.get("good", []), line.get("bad", []))


@pytest.fixture(scope="session")
def recordings() -> dict[str, Recording]:
    """A few, by id."""
    lines = (CASES / "records.jsonl").read_text().splitlines()
    return {(one := Recording.of(json.loads(line), "record")).id: one for line in lines}


@pytest.fixture(scope="session")
def all_recordings(shared: Path) -> list[Recording]:
    """All of them, where the comparison material is."""
    files = ("enrich_golden", "enrich_golden_edge", "enrich_golden_ua")
    return [
        Recording.of(json.loads(line), "thrift_b64")
        for name in files
        for line in gzip.open(shared / "fixtures" / "peer" / f"{name}.jsonl.gz", "rt", encoding="utf-8")
    ]
