"""Every shortcut of the row path at once: with them and without, the answers are the same."""

import base64
import gzip
import json
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from snowmelt.enrich import adapters
from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.familiar import FamiliarEntities
from snowmelt.enrich.pipeline import ARTIFACT, Enricher, Good
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.collector_payload import PayloadError, decode, encode

CASES = Path(__file__).parent / "cases"


def payloads():
    for name in ("requests", "edges", "user_agents"):
        for line in gzip.decompress((CASES / f"{name}.jsonl.gz").read_bytes()).splitlines():
            try:
                yield decode(base64.b64decode(json.loads(line)["record"]))
            except PayloadError:
                continue


PAYLOADS = list(payloads())
PIECES = st.sampled_from(
    [
        *'"{}[],:\\ \t\n&=%;0é\x7f🎉',
        "null",
        "1.0",
        "-0",
        "1e5",
        '""',
        "\\ud83d",
        "\\ude00",
        "\\u0000",
        '"tv":',
        "cx",
        "1-0-1",
    ]
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), PIECES), max_size=2)


def edited(text, edits):
    for place, removed, added in edits:
        at = int(place * len(text))
        text = text[:at] + added + text[at + removed :]
    return text


def edited_inside(body, edits):
    """A body whose entities are edited; unless it is none that a tracker sends."""
    try:
        value = json.loads(body)
        for event in value["data"]:
            for name in event.keys() & {"cx", "ue_px"}:
                text = base64.urlsafe_b64decode(event[name] + "==").decode()
                event[name] = base64.urlsafe_b64encode(edited(text, edits).encode()).decode()
    except (ValueError, TypeError, KeyError, AttributeError):
        return edited(body, edits)
    return json.dumps(value)


def answers(enricher, record, now):
    return [
        (item.index, item.event.fields if isinstance(item, Good) else item.row.to_json())
        for item in enricher.process(record, "0/1", now)
    ]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(PAYLOADS), EDITS, st.sampled_from(["body", "inside", "querystring"]))
def test_answers_are_those_of_the_plain_way(enricher, resolver, now, payload, edits, where):
    field = "querystring" if where == "querystring" or payload.body is None else "body"
    edit = edited_inside if where == "inside" and field == "body" else edited
    record = encode(replace(payload, **{field: edit(getattr(payload, field) or "", edits)}))
    with (
        patch.object(adapters, "_valid_texts", lambda *_: None),
        patch.object(FamiliarEntities, "extract", lambda *_: None),
    ):
        plain = answers(Enricher(resolver, ENRICHMENTS, Processor(ARTIFACT, "0.1.0")), record, now)
    assert answers(enricher, record, now) == plain


ENRICHMENTS = load_enrichments(CASES / "enrichments")
