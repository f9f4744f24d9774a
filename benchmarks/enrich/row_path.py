"""What the row path of enrich costs, in U: the CPU time of `orjson.loads` of the same one-event payload.

Run it with the environment's interpreter: `python benchmarks/enrich/row_path.py [EVENTS] [ROUNDS]`. The competitors
take turns on the same records and keep what they make until the round ends, as a batch does; of each the cheapest round
counts, so a busy machine changes the times more than the ratios. The second line is the unit without that: each result
dropped at once. Events are web visits: page views, pings, structured and self-describing events, three entities each.
"""

import base64
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson

from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.enrichments import Enrichments
from snowmelt.enrich.pipeline import ARTIFACT, Enricher, Good
from snowmelt.iglu.resolver import default_resolver
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.collector_payload import decode, encode_record

ENRICHMENTS = Path(__file__).parents[2] / "include" / "enrichments"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SNOWPLOW = "iglu:com.snowplowanalytics.snowplow"
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/{}.{} Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/{}.{} Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{}.{}) Gecko/20100101 Firefox/{}.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
)
REFERRERS = (
    "",
    "https://www.google.com/",
    "https://www.bing.com/search?q=event+data",
    "https://t.co/A",
    "https://claude.ai/",
)
TRACKER = {
    "tv": "js-4.10.1",
    "tna": "sp",
    "aid": "shop",
    "p": "web",
    "cookie": "1",
    "cs": "UTF-8",
    "cd": "24",
    "vid": "3",
}
DEVICE = {"lang": "en-GB", "res": "1920x1080", "vp": "1903x969", "ds": "1903x4211", "tz": "Europe/London"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request with one event: its body and the record the collector makes of it."""

    body: bytes
    record: bytes


class Visits:
    """Seeded visitors: the same seed gives the same requests."""

    def __init__(self, seed: int) -> None:
        """Visitors of a shop with a few thousand pages."""
        self._random = random.Random(seed)
        self._browsers = [
            pattern.format(version, minor, version)
            for pattern in BROWSERS
            for version, minor in ((self._random.randint(120, 156), self._random.randint(0, 6999)) for _ in range(80))
        ]

    def requests(self, count: int) -> list[Request]:
        """So many requests, one visit after the other."""
        requests: list[Request] = []
        while len(requests) < count:
            requests += self._visit()
        return requests[:count]

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _popular(self, count: int) -> int:
        """A number below `count`, the smaller the likelier."""
        return min(int(self._random.paretovariate(0.7)) - 1, count - 1)

    def _visit(self) -> Iterator[Request]:
        choice, randint = self._random.choice, self._random.randint
        browser = self._browsers[self._popular(len(self._browsers))]
        visitor, session, cookie = self._uuid(), self._uuid(), self._uuid()
        address = ".".join(str(randint(1, 254)) for _ in range(4))
        moment, number, first, referrer = 1_795_000_000_000 + randint(0, 86_400_000), 0, self._uuid(), choice(REFERRERS)
        for page in range(randint(1, 5)):
            path = f"/products/{choice(('shoes', 'hats', 'coats'))}/{self._popular(3000)}"
            query = f"?utm_source=news&utm_medium=email&utm_campaign=c{randint(1, 9)}&gclid={self._uuid()}"
            url = f"https://shop.example.com{path}{query if not page and randint(0, 1) else ''}"
            view = self._uuid()
            for part in range(randint(1, 6)):
                number, moment = number + 1, moment + randint(100, 9000)
                event = {
                    "e": "pv" if not part else choice(("pp", "pp", "se", "ue")),
                    "url": url,
                    "page": f"Product {path} | Example Shop",
                    "refr": referrer,
                    "eid": first if number == 1 else self._uuid(),
                    "dtm": str(moment),
                    "stm": str(moment + randint(5, 900)),
                    "sid": session,
                    "duid": visitor,
                }
                event |= TRACKER | DEVICE
                if not referrer:
                    del event["refr"]
                event |= self._details(event["e"])
                event["cx"] = encoded(
                    "contexts", [web_page(view), client_session(visitor, session, number, first), hints()]
                )
                yield self._request(event, browser, address, cookie, url)

    def _details(self, code: str) -> dict[str, str]:
        number = self._random.randint(1, 3000)
        if code == "pp":
            return {"pp_mix": "0", "pp_max": "0", "pp_miy": "0", "pp_may": str(number)}
        if code == "se":
            return {"se_ca": "cart", "se_ac": "add", "se_la": f"sku-{number}", "se_pr": "qty", "se_va": "1"}
        if code == "ue":
            click = {
                "targetUrl": f"https://shop.example.com/out/{number}",
                "elementId": "a1",
                "elementClasses": ["btn"],
            }
            return {"ue_px": encoded("unstruct_event", entity(f"{SNOWPLOW}/link_click/jsonschema/1-0-1", click))}
        return {}

    def _request(self, event: dict[str, str], browser: str, address: str, cookie: str, url: str) -> Request:
        body = orjson.dumps({"schema": f"{SNOWPLOW}/payload_data/jsonschema/1-0-4", "data": [event]})
        headers = (f"User-Agent: {browser}", f"Referer: {url}", f"Cookie: sp={cookie}; _ga=GA1.2.3", "Accept: */*")
        record = encode_record(
            ip_address=address.encode(),
            timestamp=int(event["stm"]) + 30,
            collector=b"snowmelt-collector-0.1.0-log",
            user_agent=browser.encode(),
            referer_uri=url.encode(),
            path=b"/com.snowplowanalytics.snowplow/tp2",
            querystring=None,
            body=body,
            headers=[header.encode() for header in headers],
            content_type=b"application/json; charset=utf-8",
            hostname=b"collector.example.com",
            network_user_id=cookie.encode(),
        )
        return Request(body, record)


def entity(schema: str, data: object) -> dict[str, object]:
    """One self-describing JSON."""
    return {"schema": schema, "data": data}


def web_page(view: str) -> dict[str, object]:
    """The entity every event of a page view carries."""
    return entity(f"{SNOWPLOW}/web_page/jsonschema/1-0-0", {"id": view})


def client_session(visitor: str, session: str, number: int, first: str) -> dict[str, object]:
    """The entity that is another one with each event."""
    data = {"userId": visitor, "sessionId": session, "eventIndex": number, "sessionIndex": 3, "previousSessionId": None}
    data |= {"storageMechanism": "COOKIE_1", "firstEventId": first, "firstEventTimestamp": "2026-11-22T18:26:40.123Z"}
    return entity(f"{SNOWPLOW}/client_session/jsonschema/1-0-2", data)


def hints() -> dict[str, object]:
    """The entity that is nearly always the same."""
    brands = [{"brand": brand, "version": "146"} for brand in ("Not A(Brand", "Google Chrome", "Chromium")]
    data = {"isMobile": False, "brands": brands, "architecture": "x86", "model": "", "platform": "Windows"}
    return entity("iglu:org.ietf/http_client_hints/jsonschema/1-0-0", data)


def encoded(wrapper: str, data: object) -> str:
    """A wrapper of entities or of an event as the JavaScript tracker sends it."""
    text = orjson.dumps(entity(f"{SNOWPLOW}/{wrapper}/jsonschema/1-0-0", data))
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def cheapest(competitors: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """CPU seconds of each competitor, of its best round; they take turns."""
    best = dict.fromkeys(competitors, float("inf"))
    for _ in range(rounds):
        for name, compete in competitors.items():
            started = time.process_time()
            made = compete()
            best[name] = min(best[name], time.process_time() - started)
            del made
    return best


def main(events: int = 4000, rounds: int = 7) -> None:
    """Prints the table."""
    requests = Visits(7).requests(events)
    bodies, records = [request.body for request in requests], [request.record for request in requests]
    processor = Processor(ARTIFACT, "0.1.0")
    full = Enricher(default_resolver(), load_enrichments(ENRICHMENTS), processor)
    bare = Enricher(default_resolver(), Enrichments(), processor)

    def drop() -> None:
        for body in bodies:
            orjson.loads(body)

    def to_tsv() -> list[str]:
        items = (item for record in records for item in full.process(record, "0/1", NOW))
        return [item.event.to_tsv() for item in items if isinstance(item, Good)]

    good = len(to_tsv())
    print(f"{events} requests of one event, {sum(map(len, bodies)) // events} bytes of body on average, {good} good")
    unit = "orjson.loads of the body (U)"
    competitors: dict[str, Callable[[], object]] = {
        unit: lambda: [orjson.loads(body) for body in bodies],
        "the same, each dropped at once": drop,
        "record decoded": lambda: [decode(record) for record in records],
        "row path, no enrichment": lambda: [bare.process(record, "0/1", NOW) for record in records],
        "row path, all enrichments": lambda: [full.process(record, "0/1", NOW) for record in records],
        "row path, all enrichments, TSV": to_tsv,
    }
    costs = cheapest(competitors, rounds)
    print(f"{'':34}{'us/event':>10}{'U':>8}{'events/s':>12}")
    for name, seconds in costs.items():
        print(f"{name:34}{seconds / events * 1e6:10.1f}{seconds / costs[unit]:8.1f}{events / seconds:12,.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
