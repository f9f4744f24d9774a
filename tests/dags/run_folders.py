"""Run folders made by hand, as enrich would leave them in the lake."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from snowmelt.iglu.resolver import default_resolver
from snowmelt.lake.store import LocalStore
from snowmelt.lake.writer import Batch, LakeWriter
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.workspace import Workspace

PAGE_VIEW: Mapping[str, str | None] = {
    "app_id": "shop",
    "platform": "web",
    "event": "page_view",
    "event_vendor": "com.snowplowanalytics.snowplow",
    "event_name": "page_view",
    "event_format": "jsonschema",
    "event_version": "1-0-0",
    "v_tracker": "js-4.6.8",
    "v_collector": "snowmelt-collector-0.1.0-log",
    "v_etl": "snowmelt-enrich-0.1.0",
    "name_tracker": "sp",
    "page_url": "https://shop.example/",
    "page_urlhost": "shop.example",
    "page_urlpath": "/",
    "domain_userid": "7d1c5a90-0000-4000-8000-000000000001",
    "domain_sessionid": "7d1c5a90-0000-4000-8000-000000000002",
    "domain_sessionidx": "1",
    "useragent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


def write_run(workspace: Workspace, number: int, changes: Sequence[Mapping[str, str | None]]) -> str:
    """A run folder of page views with these changes; gives its name. ``number`` tells runs and their events apart."""
    now = datetime.now(UTC)
    writer = LakeWriter(
        LocalStore(workspace.lake), default_resolver(), Processor("snowmelt-enrich", "0.1.0"), lambda: datetime.now(UTC)
    )
    writer.resume()
    position = {"0": f"{number:020d}"}
    events = [page_view(now, number, place, change) for place, change in enumerate(changes)]
    batch = Batch(position, position, len(changes), 0, events, [], now)
    return writer.write(batch).name


def page_view(now: datetime, number: int, place: int, change: Mapping[str, str | None]) -> EnrichedEvent:
    moment = f"{now - timedelta(minutes=5, seconds=-place):%Y-%m-%d %H:%M:%S}.000"
    clocks = dict.fromkeys(("collector_tstamp", "etl_tstamp", "derived_tstamp", "dvce_created_tstamp"), moment)
    identity = {"event_id": str(UUID(int=number << 64 | place, version=4)), "event_fingerprint": f"{number}-{place}"}
    return EnrichedEvent.of({**PAGE_VIEW, **clocks, **identity, **change})
