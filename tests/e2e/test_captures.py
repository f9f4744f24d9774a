"""The recorded requests of real trackers, from HTTP to mart rows, in two time zones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.laptop import Laptop

EXPECTED = Path(__file__).parent / "cases" / "captures.json"


@pytest.mark.slow
@pytest.mark.parametrize("timezone", ["UTC", "America/New_York"])
def test_captured_requests_become_the_expected_rows(
    laptop: Callable[[str], Laptop], golden: Callable[[Path, object], None], timezone: str
) -> None:
    made = laptop(timezone)
    sent = made.workspace.reports / "sent.jsonl"
    with made.collector() as address:
        made.run("simulate", "--collector", address, "--events", "0", "--captures", "--report", str(sent))
    made.run("enrich", "--once", "--enrichments", str(made.project / "include" / "enrichments"))
    made.chain()
    found = {
        "books": {line["name"]: [line["left"], line["right"]] for line in made.books()},
        **{name: [list(row) for row in made.query(sql)] for name, sql in QUERIES.items()},
    }
    golden(EXPECTED, found)
    assert (made.workspace.reports / "dashboard.html").stat().st_size > 100_000


QUERIES = {
    "events": """
        select event_name, app_id, v_tracker, count(*)::int
        from atomic.events group by all order by all
    """,
    "clocks": """
        select
            count(*)::int,
            count(*) filter (abs(epoch(load_tstamp) - epoch(collector_tstamp)) < 600)::int,
            count(*) filter (derived_tstamp <= collector_tstamp)::int,
            min(dvce_created_tstamp)::varchar,
            max(dvce_created_tstamp)::varchar
        from atomic.events
    """,
    "page_views": """
        select page_urlpath, count(*)::int
        from derived.page_views group by all order by all
    """,
    "sessions": "select count(*)::int, sum(page_views)::int, count(distinct domain_userid)::int from derived.sessions",
    "sample_inputs": "select sample_input_value, count(*)::int from derived.sample_inputs group by all order by all",
    "link_clicks": "select count(*)::int from derived.link_clicks",
    "bad_rows": "select kind, count(*)::int from atomic.bad_rows group by all order by all",
}
