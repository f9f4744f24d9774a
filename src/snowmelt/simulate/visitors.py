"""Seeded visitors: who comes, what they do and which requests their trackers send."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from snowmelt.simulate import mistakes
from snowmelt.simulate.devices import BOTS, DEVICES
from snowmelt.simulate.site import APP_ID, CAMPAIGNS, HOST, LANGUAGES, PAGES, REFERERS, SAMPLE_INPUTS, Page
from snowmelt.simulate.tracker import Event, Request, Tracker, get, post, self_describing_event

T = TypeVar("T")

HEARTBEAT_MS = 10_000
"""Time between two page pings."""
MINIMUM_VISIT_MS = 5_000
"""Time on a page before its first ping."""
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of visitors and requests that are out of the ordinary, each between 0 and 1."""

    bots: float = 0.02
    opt_outs: float = 0.03
    signed_in: float = 0.25
    broken: float = 0.01
    resent: float = 0.01
    batched: float = 0.25
    pixels: float = 0.05
    plain_json: float = 0.1


def requests(
    random: Random, events: int, until: int, span_ms: int, *, queued: bool, habits: Habits | None = None
) -> Iterator[Request]:
    """Requests that carry at least ``events`` events, all of sessions that lie in the ``span_ms`` before ``until``.

    Times are in ms since the epoch. With ``queued`` every request is sent at ``until``: an event of the past is a
    tracker's queue delivered late. Without, each is sent a moment after its last event. The same ``random`` state gives
    the same requests.
    """
    habits = habits or Habits()
    made = 0
    while made < events:
        for request in _visitor(random, until, span_ms, queued, habits):
            yield request
            made += request.events if request.kind == "events" else 0
            if random.random() < habits.resent:
                yield request
            if random.random() < habits.broken:
                yield mistakes.broken(random, request)


def _visitor(random: Random, until: int, span_ms: int, queued: bool, habits: Habits) -> Iterator[Request]:
    bot = random.random() < habits.bots
    device = weighted(random, BOTS if bot else DEVICES, [device.weight for device in (BOTS if bot else DEVICES)])
    language, timezone, _ = weighted(random, LANGUAGES, [language[2] for language in LANGUAGES])
    tracker = Tracker(
        device=device,
        app_id=APP_ID,
        language=language,
        timezone=timezone,
        visitor=None if random.random() < habits.opt_outs else identifier(random),
        network_user=identifier(random),
        base64=random.random() >= habits.plain_json,
        user=f"customer-{random.randint(1, 4000)}" if random.random() < habits.signed_in else None,
        tab=identifier(random),
    )
    headers = tracker.headers(f"203.0.113.{random.randint(1, 254)}", HOST)
    at = until - int(random.random() * span_ms)
    for _ in range(1 if bot else random.choice((1, 1, 1, 1, 2, 2, 3))):
        tracker.start_session(identifier(random))
        events, left_at = _session(random, tracker, at, pages=1 if bot else random.choice((1, 1, 2, 3, 4, 5, 7)))
        past = [event for event in events if int(event["dtm"]) <= until]
        yield from _send(random, past, headers, until if queued else None, habits)
        at = left_at + int(HOUR_MS * (1 + random.random() * 20))
        if at > until:
            return


def _session(random: Random, tracker: Tracker, at: int, pages: int) -> tuple[list[Event], int]:
    """The events of one session that begins at ``at``, and the time when it is left."""
    events: list[Event] = []
    referer = weighted(random, REFERERS, [weight for _, weight in REFERERS])[0]
    campaign = weighted(random, CAMPAIGNS, [weight for _, weight in CAMPAIGNS])[0]
    query = campaign.format(click=f"{random.getrandbits(80):020x}")
    for _ in range(pages):
        page = weighted(random, PAGES, [page.pull for page in PAGES])
        url = f"https://{HOST}{page.path}" + (f"?{query}" if query else "")
        tracker.page = {"url": url, "page": f"{page.title} | Example Shop"}
        if referer:
            tracker.page["refr"] = referer
        tracker.page_id = identifier(random)
        tracker.document = (tracker.device.viewport[0], page.height)
        at = _page(random, tracker, page, at, events)
        referer, query = url, ""
    return events, at


def _page(random: Random, tracker: Tracker, page: Page, at: int, events: list[Event]) -> int:
    """Appends the events of one page view and gives the time when it is left."""
    events.append(tracker.event("pv", identifier(random), at, {}))
    scrolled = 0
    for ping in range(random.choice((0, 0, 1, 2, 3, 4, 6, 9))):
        at += MINIMUM_VISIT_MS if ping == 0 else HEARTBEAT_MS
        reach = max(0, page.height - tracker.device.viewport[1])
        low, scrolled = scrolled, min(reach, scrolled + random.randint(0, 900))
        offsets = {"pp_miy": str(low), "pp_may": str(scrolled)}
        events.append(tracker.event("pp", identifier(random), at + random.randint(0, 40), offsets))
        if random.random() < 0.2:
            code, extra, sdj = _interaction(random, page)
            events.append(tracker.event(code, identifier(random), at + random.randint(500, 4000), extra, sdj))
    return at + random.randint(2_000, 20_000)


def _interaction(random: Random, page: Page) -> tuple[str, dict[str, str], object]:
    """One thing done on a page: event code, its parameters, its self-describing JSON if it has one."""
    snowplow = "com.snowplowanalytics.snowplow"
    match random.randrange(6):
        case 0:
            target = weighted(random, PAGES, [other.pull for other in PAGES])
            link = {
                "targetUrl": f"https://{HOST}{target.path}",
                "elementId": f"link-{target.path.strip('/').replace('/', '-') or 'home'}",
                "elementClasses": ["tile", "primary"],
                "elementTarget": "_self",
                "elementContent": target.title,
            }
            return "ue", {}, self_describing_event(f"{snowplow}/link_click/1-0-1", link)
        case 1:
            field = {"formId": "search", "elementId": "q", "nodeName": "INPUT", "elementType": "search"}
            value = random.choice(SAMPLE_INPUTS)
            return "ue", {}, self_describing_event(f"{snowplow}/focus_form/1-0-0", field | {"value": value})
        case 2:
            form = {"formId": "search", "elementId": "q", "nodeName": "INPUT", "type": "search", "elementClasses": []}
            value = random.choice(SAMPLE_INPUTS)
            return "ue", {}, self_describing_event(f"{snowplow}/change_form/1-0-0", form | {"value": value})
        case 3:
            element = {"name": "q", "value": random.choice(SAMPLE_INPUTS), "nodeName": "INPUT", "type": "search"}
            sent = {"formId": "search", "formClasses": ["wide"], "elements": [element]}
            return "ue", {}, self_describing_event(f"{snowplow}/submit_form/1-0-0", sent)
        case 4:
            typed = {"value": random.choice(SAMPLE_INPUTS)}
            return "ue", {}, self_describing_event("com.patrickcloud/sample_input/1-0-0", typed)
        case _:
            price = f"{random.randint(900, 39900) / 100:.2f}"
            return "se", {"se_ca": "basket", "se_ac": "add", "se_la": page.path, "se_pr": "price", "se_va": price}, None


def _send(
    random: Random, events: Sequence[Event], headers: tuple[tuple[str, str], ...], clock: int | None, habits: Habits
) -> Iterator[Request]:
    """The requests that deliver the events of a session, one event each or a few at a time, at ``clock`` or at once."""
    place = 0
    pixel = random.random() < habits.pixels
    batched = random.random() < habits.batched
    while place < len(events):
        size = random.randint(2, 10) if batched and not pixel else 1
        batch = events[place : place + size]
        sent_at = clock if clock is not None else int(batch[-1]["dtm"]) + random.randint(5, 900)
        yield get(batch[0], headers, sent_at) if pixel else post(batch, headers, sent_at)
        place += size


def identifier(random: Random) -> str:
    """A version 4 UUID from seeded randomness."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def weighted(random: Random, choices: Sequence[T], weights: Sequence[float]) -> T:
    """One of the choices, by weight."""
    return random.choices(choices, weights)[0]
