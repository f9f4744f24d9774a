"""The requests of the benchmark: 64 different single-event POSTs as a browser's tracker sends them."""

import json
import random

COUNT = 64
PATH = "/com.snowplowanalytics.snowplow/tp2"
HEADERS = {
    "Host": "127.0.0.1",
    "Connection": "keep-alive",
    "sec-ch-ua-platform": '"Linux"',
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/145.0.0.0 Safari/537.36",
    "sec-ch-ua": '"Not:A-Brand";v="8", "Chromium";v="145"',
    "Content-Type": "application/json; charset=UTF-8",
    "sec-ch-ua-mobile": "?0",
    "Accept": "*/*",
    "Origin": "https://shop.example.com",
    "Referer": "https://shop.example.com/",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9",
}


def bodies() -> list[str]:
    """About 1.9 kB each, the same in every run."""
    source = random.Random(7)
    return [_body(source) for _ in range(COUNT)]


def cookies() -> list[str]:
    """The tracker's own cookies and ours, one header a body."""
    source = random.Random(8)
    return [f"_sp_ses.1fff=*; _sp_id.1fff={_uuid(source)}.1795404159.1; sp={_uuid(source)}" for _ in range(COUNT)]


def raw() -> list[bytes]:
    """Whole requests as bytes."""
    made = []
    for body, cookie in zip(bodies(), cookies(), strict=True):
        headers = HEADERS | {"Cookie": cookie, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        made.append(f"POST {PATH} HTTP/1.1\r\n{head}\r\n{body}".encode())
    return made


def lua() -> str:
    """The script for wrk that sends them in turn."""
    quoted = ",\n".join(
        f"wrk.format('POST', {_lua(PATH)}, {{Cookie={_lua(cookie)}, {_lua_headers()}}}, {_lua(body)})"
        for body, cookie in zip(bodies(), cookies(), strict=True)
    )
    return f"local requests\ninit = function() requests = {{{quoted}}} end\n" + (
        f"local n = 0\nrequest = function() n = n % {COUNT} + 1; return requests[n] end\n"
    )


def _body(source: random.Random) -> str:
    session, user, page = _uuid(source), _uuid(source), source.randrange(3000)
    contexts = [
        ("web_page/jsonschema/1-0-0", {"id": _uuid(source)}),
        (
            "client_session/jsonschema/1-0-2",
            {
                "userId": user,
                "sessionId": session,
                "eventIndex": source.randrange(1, 200),
                "sessionIndex": source.randrange(1, 30),
                "previousSessionId": _uuid(source),
                "storageMechanism": "COOKIE_1",
                "firstEventId": _uuid(source),
                "firstEventTimestamp": "2026-11-23T03:22:38.853Z",
            },
        ),
        ("geolocation_context/jsonschema/1-1-0", {"latitude": 51.5, "longitude": -0.12}),
    ]
    entities = [{"schema": f"iglu:com.snowplowanalytics.snowplow/{schema}", "data": data} for schema, data in contexts]
    event = {
        "e": source.choice(["pv", "pp", "pp"]),
        "url": f"https://shop.example.com/products/{page}?utm_source=newsletter&utm_medium=email",
        "page": f"Product {page}",
        "refr": "https://www.bing.com/search?q=shoes",
        "eid": _uuid(source),
        "tv": "js-4.10.1",
        "tna": "sp",
        "aid": "shop",
        "p": "web",
        "cookie": "1",
        "cs": "UTF-8",
        "lang": "en-GB",
        "res": "1280x800",
        "cd": "24",
        "tz": "Europe/London",
        "dtm": "1795404159879",
        "vp": "1280x800",
        "ds": "1280x3256",
        "vid": "1",
        "sid": session,
        "duid": user,
        "co": json.dumps({"schema": "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0", "data": entities}),
        "stm": "1795404159884",
    }
    schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    return json.dumps({"schema": schema, "data": [event]}, separators=(",", ":"))


def _uuid(source: random.Random) -> str:
    digits = f"{source.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def _lua(text: str) -> str:
    return json.dumps(text)  # Lua reads the same escapes


def _lua_headers() -> str:
    return ", ".join(f"[{_lua(name)}]={_lua(value)}" for name, value in HEADERS.items())
