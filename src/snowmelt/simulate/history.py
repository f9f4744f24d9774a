"""Requests as records of the log, with the clocks of days gone by: what no tracker could send over HTTP today."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from snowmelt import __version__
from snowmelt.protocol.collector_payload import CollectorPayload, encode
from snowmelt.simulate.tracker import Request
from snowmelt.simulate.visitors import requests
from snowmelt.streams.log import Appended, Record, Writer

DAY_MS = 86_400_000
BATCH = 500
NETWORK_MS = (20, 400)
"""How long a request takes from the device to the collector."""


class HistoryError(RuntimeError):
    """The log refused a record; the message gives its reason."""


def days(random: Random, start: date, count: int, events_a_day: int) -> Iterator[list[Request]]:
    """The requests of each day from ``start`` on, in the order in which they were sent."""
    for offset in range(count):
        day = datetime.combine(start + timedelta(days=offset + 1), datetime.min.time(), UTC)
        until = int(day.timestamp() * 1000) - 1
        yield sorted(requests(random, events_a_day, until, DAY_MS, queued=False), key=lambda request: request.sent_at)


def write(random: Random, writer: Writer, batch: list[Request]) -> int:
    """Appends a record for each request and gives how many; raises HistoryError when the log refuses one."""
    records = [Record("", encode(payload(request, random.randint(*NETWORK_MS)))) for request in batch]
    for place in range(0, len(records), BATCH):
        for result in writer.append(records[place : place + BATCH]):
            if not isinstance(result, Appended):
                raise HistoryError(f"the log refused a record: {result.reason}")
    return len(records)


def payload(request: Request, delay_ms: int) -> CollectorPayload:
    """The collector payload our collector would have written for this request ``delay_ms`` after it was sent."""
    headers = dict(request.headers)
    path, _, querystring = request.path.partition("?")
    anonymous = "SP-Anonymous" in headers
    kept = {k: v for k, v in headers.items() if not (anonymous and k in {"Cookie", "X-Forwarded-For"})}
    content_type = kept.pop("Content-Type", None)
    return CollectorPayload(
        ip_address="unknown" if anonymous else headers["X-Forwarded-For"],
        timestamp=request.sent_at + delay_ms,
        encoding="UTF-8",
        collector=f"snowmelt-collector-{__version__}-simulated",
        user_agent=headers.get("User-Agent"),
        referer_uri=headers.get("Referer"),
        path=path,
        querystring=querystring or None,
        body=request.body.decode() or None,
        headers=tuple(f"{k}: {v}" for k, v in kept.items()),
        content_type=content_type.lower().replace("; charset=utf-8", "") if content_type else None,
        hostname="collector.example.com",
        network_user_id=(
            "00000000-0000-0000-0000-000000000000" if anonymous else headers.get("Cookie", "").removeprefix("sp=")
        ),
    )
