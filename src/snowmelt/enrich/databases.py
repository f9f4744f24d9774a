"""Files that a configuration names by URI: read once, when the application starts."""

import importlib.resources
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

BUILT_IN: Final = "package:snowmelt.enrich"
"""Where the files are that come with the product."""

_TIMEOUT_SECONDS: Final = 20
_LARGEST: Final = 64 * 1024 * 1024


class DatabaseError(ValueError):
    """A file that cannot be had; the message is one sentence."""


def read(uri: str, database: str, folder: Path) -> bytes:
    """The bytes of `database` at a URI: `http(s)://…`, `file:…`, a path, or `package:snowmelt.enrich` for our own.

    Paths that are not absolute start at `folder`. Raises DatabaseError.
    """
    try:
        place = urlsplit(uri)
        if uri == BUILT_IN:
            return (importlib.resources.files("snowmelt.enrich") / database).read_bytes()
        if place.scheme in ("http", "https"):
            return _downloaded(f"{uri.rstrip('/')}/{database}")
        if place.scheme in ("", "file"):
            return (folder / unquote(place.path) / database).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else getattr(error, "strerror", None) or error
        raise DatabaseError(f"{database} cannot be read from {uri}: {reason}") from error
    raise DatabaseError(
        f"{database} cannot be read from {uri}: expected http:, https:, file: or, for our own, {BUILT_IN}"
    )


def _downloaded(url: str) -> bytes:
    with urlopen(url, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - http and https only, see the caller
        content: bytes = response.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST} bytes")
    return content
