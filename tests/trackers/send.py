"""Sends each kind of event once with Snowplow's Python tracker, and prints which events the collector acknowledged.

Arguments: address of the collector, get or post. Output: JSON, kind -> id of the event.
"""

import json
import sys
from typing import Any

from snowplow_tracker import (
    Emitter,
    Event,
    PagePing,
    PageView,
    ScreenView,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)

PAGE = {
    "page_url": "https://example.com/カート?utm_source=python",
    "page_title": "Cart 🛒",
    "referrer": "https://example.org/",
}
ENTITIES = [SelfDescribingJson("iglu:com.patrickcloud/ctx/jsonschema/1-0-0", {"a": 1})]
USERAGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def kinds() -> dict[str, Event]:
    """What the tracker can send: kind -> event."""
    sample = SelfDescribingJson("iglu:com.patrickcloud/sample_input/jsonschema/1-0-0", {"value": "from Python ❄"})
    return {
        "page_view": PageView(**PAGE, context=ENTITIES),
        "page_ping": PagePing(**PAGE, min_x=0, max_x=10, min_y=0, max_y=900, context=ENTITIES),
        "structured": StructuredEvent("shop", "add", label="mug", property_="red", value=1.5, context=ENTITIES),
        "self_describing": SelfDescribing(event_json=sample, context=ENTITIES),
        "screen_view": ScreenView(id_="00000000-0000-4000-8000-000000000001", name="Home", context=ENTITIES),
    }


def subject() -> Subject:
    """Whom the events are about."""
    who = Subject().set_platform("srv").set_user_id("Zoë").set_ip_address("203.0.113.7").set_timezone("Asia/Tokyo")
    return who.set_lang("ja").set_screen_resolution(1920, 1080).set_useragent(USERAGENT)


def main(address: str, method: Any) -> None:
    """Sends, and ends with an exception when a request is not acknowledged."""
    acknowledged: set[str] = set()

    def keep(events: list[dict[str, str]]) -> None:
        acknowledged.update(event["eid"] for event in events)

    codes = dict.fromkeys(range(600), False)  # a failed request is a failed test: it is not tried again
    emitter = Emitter(address, method=method, batch_size=2, on_success=keep, custom_retry_codes=codes | {-1: False})
    tracker = Tracker("python", emitter, subject=subject(), app_id="python-app", encode_base64=method == "get")
    sent = {kind: str(tracker.track(event)) for kind, event in kinds().items()}
    emitter.flush()
    print(json.dumps({kind: event_id for kind, event_id in sent.items() if event_id in acknowledged}))


if __name__ == "__main__":
    main(*sys.argv[1:])
