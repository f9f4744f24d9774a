"""Tokens that only a page of ours can hold: they let a form of it change something, for a while, for one person."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Final

LIFETIME_S: Final = 30 * 60


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues and knows tokens by a secret of the server. Times are seconds since 1970."""

    secret: str

    def issue(self, now: float, *subject: str) -> str:
        """A token for this subject: whose session, and what it lets do. No two are alike."""
        head = f"{int(now)}.{secrets.token_hex(8)}"
        return f"{head}.{self._mac(head, subject)}"

    def admits(self, token: str, now: float, *subject: str) -> bool:
        """Whether the token was issued for this very subject and is not too old."""
        head, _, mac = token.rpartition(".")
        issued = head.partition(".")[0]
        if not hmac.compare_digest(mac.encode(), self._mac(head, subject).encode()):
            return False
        return int(issued) <= now < int(issued) + LIFETIME_S

    def _mac(self, head: str, subject: tuple[str, ...]) -> str:
        text = json.dumps(["event quality", head, *subject])
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
