"""Records as lines of text: nothing that comes in is missing from what goes out."""

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from snowmelt.drain.lines import enrich_lines, enrich_lines_to_json, records
from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.pipeline import Enricher
from snowmelt.iglu.resolver import default_resolver
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.collector_payload import CollectorPayload, encode
from snowmelt.protocol.enriched import EnrichedEvent

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def enricher(root: Path) -> Enricher:
    return Enricher(default_resolver(), load_enrichments(root / "include" / "enrichments"), Processor("test", "1.0.0"))


def line(querystring: str) -> bytes:
    payload = CollectorPayload(
        ip_address="203.0.113.7",
        timestamp=1_795_404_158_000,
        encoding="UTF-8",
        collector="test",
        user_agent="curl/8",
        referer_uri=None,
        path="/i",
        querystring=querystring,
        body=None,
        headers=(),
        content_type=None,
        hostname="localhost",
        network_user_id="8c64bb3f-1395-4f91-8bb1-6c2559517e3e",
    )
    return base64.b64encode(encode(payload)) + b"\n"


GOOD = line("e=pv&p=web&tv=t-1&url=https%3A%2F%2Fexample.com%2F&page=Hej")
BAD = line("e=pv&p=web&tv=t-1&vid=three")


def test_events_go_to_one_side_and_bad_rows_to_the_other(enricher: Enricher) -> None:
    good, bad = io.StringIO(), io.StringIO()
    assert enrich_lines([GOOD, BAD, b"\n", b"no base64!\n"], enricher.process, good, bad, lambda: NOW) == (1, 2)
    (event,) = [EnrichedEvent.from_tsv(text) for text in good.getvalue().splitlines()]
    assert (event["page_title"], event["event_name"]) == ("Hej", "page_view")
    kinds = [json.loads(text)["schema"].split("/")[1] for text in bad.getvalue().splitlines()]
    assert kinds == ["enrichment_failures", "collector_payload_format_violation"]


def test_as_json_each_record_is_one_object(enricher: Enricher) -> None:
    out = io.StringIO()
    assert enrich_lines_to_json([GOOD, BAD], enricher.process, out, lambda: NOW) == (1, 1)
    first, second = (json.loads(text) for text in out.getvalue().splitlines())
    assert (len(first["good"]), first["bad"]) == (1, [])
    assert second["good"] == []
    assert second["bad"][0]["data"]["processor"] == {"artifact": "test", "version": "1.0.0"}


def test_the_same_record_gives_the_same_event_id(enricher: Enricher) -> None:
    ids = set()
    for _ in range(2):
        good = io.StringIO()
        enrich_lines([GOOD], enricher.process, good, io.StringIO(), lambda: NOW)
        ids.add(EnrichedEvent.from_tsv(good.getvalue().rstrip("\n"))["event_id"])
    assert len(ids) == 1


def test_a_line_that_is_not_base64_is_a_record_all_the_same() -> None:
    assert list(records([b"aGVq\n", b"  \n", b"%%%\n", b"\xff\xfe\n"])) == [b"hej", b"%%%", b"\xff\xfe"]
