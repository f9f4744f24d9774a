import msgspec
import pytest

from snowmelt.collector.settings import CollectorSettings
from snowmelt.settings import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("365 days", 31_536_000),
        ("60 minutes", 3600),
        ("10 s", 10),
        ("1 second", 1),
        ("500ms", 0.5),
        ("2h", 7200),
        ("1.5 d", 129_600),
    ],
)
def test_seconds(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "10", "days", "1 week", "-1 s", "1 ss"])
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds(text)


@pytest.mark.parametrize(
    "tree",
    [
        {"cookie": {"name": "a b"}},
        {"cookie": {"domains": ["a;b"]}},
        {"cors": {"accessControlMaxAge": "never"}},
        {"rootResponse": {"headers": {"A": "b\r\nC: d"}}},
        {"rootResponse": {"statusCode": 999}},
        {"networking": {"idleTimeout": "long"}},
        {"networking": {"maxConnections": 0}},
        {"preTerminationPeriod": "x"},
        {"paths": {"/acme/track": "tp2"}},
        {"license": {"accept": True}},
    ],
)
def test_refused(tree: dict) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(tree, CollectorSettings)


def test_names_are_snowplows() -> None:
    names = {field.encode_name for field in msgspec.structs.fields(CollectorSettings)}
    assert {
        "interface",
        "port",
        "paths",
        "cookie",
        "cors",
        "doNotTrackCookie",
        "cookieBounce",
        "redirectMacro",
    } <= names
    assert {"rootResponse", "crossDomain", "enableDefaultRedirect", "redirectDomains", "networking", "streams"} <= names
