"""Internet addresses in headers, in the spelling of Snowplow's collector."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

UNKNOWN = b"unknown"


@lru_cache(maxsize=1024)
def spelling(text: bytes) -> bytes | None:
    """The address as it is stored, or None where the text is none.

    IPv6 is written with all eight groups and no leading zeros (``2001:db8:0:0:0:0:0:1``), as Java does.
    """
    try:
        address = ip_address(text.decode("ascii"))
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return text
    if address.scope_id is not None:
        return None
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped).encode()
    return ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":")).encode()


@lru_cache(maxsize=1024)
def forwarded(value: bytes) -> tuple[bytes, ...] | None:
    """The addresses of an X-Forwarded-For or X-Real-Ip header, nearest to the visitor first.

    None where any part is neither an address nor ``unknown``: a port, brackets or a space before a comma make the
    whole header unusable, as they do in Snowplow's collector.
    """
    parts = value.strip().split(b",")
    addresses = [part if part == UNKNOWN else spelling(part) for part in (part.lstrip() for part in parts)]
    return tuple(address for address in addresses if address) if all(addresses) else None
