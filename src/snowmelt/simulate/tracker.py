"""What the JavaScript tracker sends: payloads of the Snowplow tracker protocol for one browser."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from snowmelt.simulate.devices import Device

COLLECT_PATH = "/com.snowplowanalytics.snowplow/tp2"
PIXEL_PATH = "/i"
VERSION = "js-4.10.1"
PAYLOAD_DATA = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"

Event = dict[str, str]
"""One event: tracker-protocol parameters, all text."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to a collector.

    ``events`` is how many events it carries when it is well-formed, ``sent_at`` the device's clock (ms since 1970).
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    events: int
    kind: str = "events"
    sent_at: int = 0


def entity(schema: str, data: object) -> dict[str, Any]:
    """A self-describing JSON; ``schema`` is vendor/name/version."""
    vendor, name, version = schema.split("/")
    return {"schema": f"iglu:{vendor}/{name}/jsonschema/{version}", "data": data}


def encoded(value: object) -> str:
    """URL-safe base64 without padding, as the tracker writes cx and ue_px."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def contexts(entities: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The wrapper of an event's entities."""
    return entity("com.snowplowanalytics.snowplow/contexts/1-0-0", list(entities))


def self_describing_event(schema: str, data: object) -> dict[str, Any]:
    """The wrapper of a self-describing event."""
    return entity("com.snowplowanalytics.snowplow/unstruct_event/1-0-0", entity(schema, data))


@dataclass(slots=True)
class Tracker:
    """One browser's tracker. It knows the visitor, the session and the page, and stamps each event with them."""

    device: Device
    app_id: str
    language: str
    timezone: str
    visitor: str | None
    network_user: str
    base64: bool = True
    session: str = ""
    session_index: int = 0
    previous_session: str | None = None
    event_index: int = 0
    first_event: str = ""
    first_event_at: int = 0
    user: str | None = None
    page: dict[str, str] = field(default_factory=dict)
    page_id: str = ""
    document: tuple[int, int] = (0, 0)
    tab: str = ""

    def start_session(self, session: str) -> None:
        """A new session: the index goes up, the events are counted anew."""
        self.previous_session = self.session or None
        self.session, self.session_index, self.event_index, self.first_event = session, self.session_index + 1, 0, ""

    def event(self, code: str, event_id: str, at: int, extra: Mapping[str, str], sdj: object = None) -> Event:
        """The parameters of one event at ``at`` (ms since the epoch), entities included."""
        self.event_index += 1
        if not self.first_event:
            self.first_event, self.first_event_at = event_id, at
        width, height = self.device.viewport
        made: Event = {
            "e": code,
            "eid": event_id,
            "tv": VERSION,
            "tna": "sp",
            "aid": self.app_id,
            "p": "web",
            "cookie": "1",
            "cs": "UTF-8",
            "lang": self.language,
            "res": f"{self.device.screen[0]}x{self.device.screen[1]}",
            "cd": "24",
            "tz": self.timezone,
            "dtm": str(at),
            "vp": f"{width}x{height}",
            "ds": f"{self.document[0]}x{self.document[1]}",
            **self.page,
            **extra,
        }
        if self.visitor:
            made |= {"vid": str(self.session_index), "sid": self.session, "duid": self.visitor}
        if self.user:
            made["uid"] = self.user
        if sdj is not None:
            made["ue_px" if self.base64 else "ue_pr"] = encoded(sdj) if self.base64 else orjson.dumps(sdj).decode()
        wrapped = contexts(self._entities())
        made["cx" if self.base64 else "co"] = encoded(wrapped) if self.base64 else orjson.dumps(wrapped).decode()
        return made

    def _entities(self) -> list[dict[str, Any]]:
        device = self.device
        viewport = f"{device.viewport[0]}x{device.viewport[1]}"
        entities = [
            entity("com.snowplowanalytics.snowplow/web_page/1-0-0", {"id": self.page_id}),
            entity(
                "com.snowplowanalytics.snowplow/browser_context/2-0-0",
                {
                    "viewport": viewport,
                    "documentSize": f"{self.document[0]}x{self.document[1]}",
                    "resolution": f"{device.screen[0]}x{device.screen[1]}",
                    "colorDepth": 24,
                    "devicePixelRatio": device.pixel_ratio,
                    "cookiesEnabled": True,
                    "online": True,
                    "browserLanguage": self.language,
                    "documentLanguage": "en",
                    "webdriver": False,
                    "deviceMemory": 8,
                    "hardwareConcurrency": 8,
                    "tabId": self.tab,
                },
            ),
        ]
        if device.hints is not None:
            entities.append(entity("org.ietf/http_client_hints/1-0-0", device.hints))
        if self.visitor:
            entities.append(
                entity(
                    "com.snowplowanalytics.snowplow/client_session/1-0-2",
                    {
                        "userId": self.visitor,
                        "sessionId": self.session,
                        "eventIndex": self.event_index,
                        "sessionIndex": self.session_index,
                        "previousSessionId": self.previous_session,
                        "storageMechanism": "COOKIE_1",
                        "firstEventId": self.first_event,
                        "firstEventTimestamp": _iso(self.first_event_at),
                    },
                )
            )
        return entities

    def headers(self, address: str, host: str) -> tuple[tuple[str, str], ...]:
        """The request headers of this browser; the address goes where a load balancer would put it."""
        sent = [
            ("User-Agent", self.device.user_agent),
            ("Accept", "*/*"),
            ("Accept-Language", self.language),
            ("Origin", f"https://{host}"),
            ("Referer", f"https://{host}/"),
            ("X-Forwarded-For", address),
        ]
        if self.device.sec_ch_ua:
            sent.append(("Sec-CH-UA", self.device.sec_ch_ua))
        if self.visitor:
            sent.append(("Cookie", f"sp={self.network_user}"))
        else:
            sent.append(("SP-Anonymous", "*"))
        return tuple(sent)


def post(events: Sequence[Event], headers: Sequence[tuple[str, str]], sent_at: int) -> Request:
    """Events as one POST; ``sent_at`` (ms) is the clock of the device when it sends."""
    stamped = [event | {"stm": str(sent_at)} for event in events]
    body = orjson.dumps({"schema": PAYLOAD_DATA, "data": stamped})
    typed = (*headers, ("Content-Type", "application/json; charset=UTF-8"))
    return Request("POST", COLLECT_PATH, typed, body, len(stamped), sent_at=sent_at)


def get(event: Event, headers: Sequence[tuple[str, str]], sent_at: int) -> Request:
    """One event as a pixel request."""
    path = f"{PIXEL_PATH}?{urlencode({'stm': str(sent_at)} | event)}"
    return Request("GET", path, tuple(headers), b"", 1, sent_at=sent_at)


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
