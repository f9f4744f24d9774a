"""Our answers beside those of OpenSnowcat's enrich to the same records: every column, every bad row, and a score."""

import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.enrich.comparison import differences

from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.enrichments import RefererParser
from snowmelt.enrich.enrichments.referer import sites
from snowmelt.enrich.pipeline import ARTIFACT, Bad, Enricher
from snowmelt.iglu.registry import FolderRegistry
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import Validator
from snowmelt.protocol import self_describing
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.json_text import loads

CASES = Path(__file__).parent / "cases"
NAMES = ("requests", "edges", "user_agents")

_NEWER_RULES = "our rules of uap-core are of 2026 and know browsers that theirs do not"
KNOWN = {
    "enr-coll-ts-max": "an impossible collector clock is shown in milliseconds; theirs shows the year 292278994",
    **{f"ua-mix-{number:04}": _NEWER_RULES for number in (62, 86, 108, 140, 336, 588, 640, 834)},
}
"""Every record whose answer differs on purpose, with the reason."""


def recorded(file: Path) -> list[dict]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def check(name, cases, enricher, now, capsys):
    """Compares every case, prints the score, and fails on any difference that is not a known one."""
    found = {}
    for case in cases:
        position = f"0/{case['id']}"
        items = enricher.process(base64.b64decode(case["record"]), position, now)
        if different := list(differences(items, case, position)):
            found[case["id"]] = different
    with capsys.disabled():
        equal = len(cases) - len(found)
        print(f"\nconformance, {name}: {equal} of {len(cases)} records equal ({100 * equal / len(cases):.1f} %)")
        for case in sorted(found.keys() & KNOWN.keys()):
            print(f"  {case}: {KNOWN[case]}")
    assert {case: different for case, different in found.items() if case not in KNOWN} == {}
    tried = {case["id"] for case in cases}
    assert tried & KNOWN.keys() <= found.keys(), "a known difference is none any more: take it from the list"


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_the_recorded_ones(name, enricher, now, capsys):
    check(name, recorded(CASES / f"{name}.jsonl.gz"), enricher, now, capsys)


@pytest.mark.parametrize("name", ["enrich_golden", "enrich_golden_edge", "enrich_golden_ua"])
def test_answers_are_those_to_the_whole_material(name, shared, now, capsys):
    """With its own list of referers and Iglu Central's schemas, where they are at hand."""
    peer = shared / "fixtures" / "peer"
    configured = load_enrichments(CASES / "enrichments")
    listed = sites(json.loads((peer / "referers.json").read_bytes()))
    enrichments = replace(configured, referer_parser=RefererParser(listed, configured.referer_parser.internal_domains))
    registries = [FolderRegistry("Central", shared / "iglu-central"), FolderRegistry("Added", peer / "added_schemas")]
    enricher = Enricher(Resolver(registries), enrichments, Processor(ARTIFACT, "0.1.0"))
    cases = [without_yauaa(case) for case in recorded(peer / f"{name}.jsonl.gz")]
    check(name, cases, enricher, now, capsys)


def test_every_bad_row_follows_its_published_schema(shared, enricher, now):
    validator = Validator(Resolver([FolderRegistry("Central", shared / "iglu-central")]))
    kinds = set()
    for name in NAMES:
        for case in recorded(CASES / f"{name}.jsonl.gz"):
            for item in enricher.process(base64.b64decode(case["record"]), None, now):
                if isinstance(item, Bad):
                    row = self_describing.parse(loads(item.row.to_json()))
                    assert validator.check(row) is row, case["id"]
                    kinds.add(item.row.kind)
    assert kinds == {
        "adapter_failures",
        "collector_payload_format_violation",
        "enrichment_failures",
        "schema_violations",
        "tracker_protocol_violations",
    }


def without_yauaa(case):
    """A recorded answer without the entity of an enrichment that we have not yet."""
    for row in case["bad"]:
        payload = row["data"]["payload"]
        if isinstance(payload, dict) and "enriched" in payload:
            payload["enriched"]["derived_contexts"] = _without_yauaa(payload["enriched"]["derived_contexts"])
    good = ["\t".join(_without_yauaa(field) or "" for field in line.split("\t")) for line in case["good"]]
    return case | {"good": good, "record": case["thrift_b64"]}


def _without_yauaa(text):
    if not text or "/yauaa_context/" not in text:
        return text
    wrapper = json.loads(text)
    wrapper["data"] = [entity for entity in wrapper["data"] if "/yauaa_context/" not in entity["schema"]]
    return json.dumps(wrapper, ensure_ascii=False, separators=(",", ":")) if wrapper["data"] else None
