"""Requests that real trackers sent: browsers and server programs, recorded on loopback."""

import gzip
import json
from collections.abc import Iterator
from importlib.resources import files

from snowmelt.simulate.tracker import Request

NOT_REPLAYED = frozenset({"host", "connection", "content-length", "accept-encoding"})
"""Headers that belong to the connection, which the sender writes anew."""


def captured(name: str = "captures.jsonl.gz") -> Iterator[Request]:
    """The recorded requests in order, preflights included; ``kind`` is the scenario they were recorded in."""
    text = gzip.decompress(files("snowmelt.simulate").joinpath(name).read_bytes()).decode()
    for line in text.splitlines():
        recorded = json.loads(line)
        headers = tuple((k, v) for k, v in recorded["headers"] if k.lower() not in NOT_REPLAYED)
        body = recorded["body"].encode()
        events = len(json.loads(body)["data"]) if body else int(recorded["method"] == "GET")
        yield Request(recorded["method"], recorded["raw_path"], headers, body, events, recorded["scenario"])
