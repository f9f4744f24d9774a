"""How long a text of a bad row may be: the bad-row schemas refuse longer ones, so every text is cut to fit."""

from typing import overload

# of failures, in code points
FIELD = 64
EXPECTATION = 256
ERROR = 512
IDENTIFIER = 256
LOOKUP_MESSAGE = 256
SUPERSEDED_BY = 32
DECODING_KEY = 32

# of payloads, in code points
VENDOR = 64
VERSION = 16
PARAMETER = 512
CONTENT_TYPE = 256
COLLECTOR = 32
ENCODING = 32
HOSTNAME = 8192
IP_ADDRESS = 128
USER_AGENT = 4096
REFERER = 8192
HEADER = 8192

# of processors, in code points
ARTIFACT = 512
PROCESSOR_VERSION = 32

# numbers
SIZE = 1_073_741_824
FIELD_COUNT = 1024


@overload
def cut(text: str, limit: int) -> str: ...
@overload
def cut(text: None, limit: int) -> None: ...
@overload
def cut(text: str | None, limit: int) -> str | None: ...
def cut(text: str | None, limit: int) -> str | None:
    """The text in at most `limit` code points; one that was too long shows it by ending in "…"."""
    return text if text is None or len(text) <= limit else f"{text[: limit - 1]}…"
