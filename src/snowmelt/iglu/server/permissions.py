"""Who may do what: levels of keys, the vendors a key is bound to, and how a key is recognised."""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

_KEY = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Level(IntEnum):
    """What a key may do; each level may do what those below it may."""

    READ = 1
    """See private schemas."""
    BUMP = 2
    """Publish further versions of schemas that are there."""
    CREATE = 3
    """Publish schemas of new names, for vendors that are there and for the key's own."""
    CREATE_VENDOR = 4
    """Publish schemas for new vendors below the key's own."""
    KEYGEN = 5
    """Make and revoke keys of lower levels."""
    SUPER = 6
    """Everything; delete schemas, too, where that is allowed at all."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What one key may do, at which vendors. Without a level: nothing but to read what is public."""

    level: Level | None = None
    vendor: str = ""
    # The vendor it is bound to, with those below it; empty: all.

    def may(self, level: Level, vendor: str) -> bool:
        """Whether it allows what `level` is needed for at a vendor."""
        return self.level is not None and self.level >= level and covers(self.vendor, vendor)


ANONYMOUS = Permission()
SUPER = Permission(Level.SUPER)


def readable(asker: Permission, vendor: str, is_public: bool) -> bool:
    """Whether a schema of a vendor may be read."""
    return is_public or asker.may(Level.READ, vendor)


def may_write(asker: Permission, vendor: str | None) -> bool:
    """Whether the asker may write anything at a vendor; at any vendor where none is named."""
    return asker.may(Level.BUMP, asker.vendor if vendor is None else vendor)


def covers(prefix: str, vendor: str) -> bool:
    """Whether a vendor is the prefix or below it: com.acme covers com.acme.shop and not com.acmeshop; empty covers all.

    Labels count, not characters, or whoever registers a longer domain would write into another's schemas.
    """
    return not prefix or vendor == prefix or vendor.startswith(f"{prefix}.")


def parse_key(text: str) -> UUID | None:
    """The key that a client sent; None for anything that is not a UUID in its usual spelling."""
    return UUID(text) if _KEY.fullmatch(text) else None


def digest(key: UUID) -> str:
    """What is stored of a key: SHA-256, hexadecimal.

    A password needs a slow hash because it can be guessed. A random UUID has 122 bits that nobody can try, so a quick
    hash keeps it as secret, and each request can afford one.
    """
    return hashlib.sha256(key.bytes).hexdigest()
