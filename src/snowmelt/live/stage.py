"""One stage of the platform: what runs, where it listens, how one sees that it is ready, what has to be there first."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import msgspec


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the loopback address and the environment variable that chooses it."""

    setting: str
    number: int


class Health(msgspec.Struct, frozen=True):
    """Where a stage says that it is well: an address that answers 200."""

    url: str
    part: str | None = None
    """A part of Airflow's report on itself, which has to call it healthy."""
    certificate: str | None = None
    """The certificate the address has to show."""

    def holds(self, patience_s: float = 2.0) -> bool:
        """Asks, directly whatever proxies the environment names."""
        trusted = ssl.create_default_context()
        try:
            if self.certificate is not None:
                trusted.load_verify_locations(self.certificate)
            opener = build_opener(ProxyHandler({}), HTTPSHandler(context=trusted))
            with opener.open(self.url, timeout=patience_s) as answer:
                said = answer.read()
                return answer.status == 200 and (self.part is None or _calls_healthy(said, self.part))
        except (OSError, ValueError, HTTPException):
            return False


def _calls_healthy(report: bytes, part: str) -> bool:
    parts = json.loads(report)
    told = parts.get(part) if isinstance(parts, dict) else None
    return isinstance(told, dict) and told.get("status") == "healthy"


@dataclass(frozen=True, slots=True)
class Stage:
    """A process of the platform. Its name is that of its log."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    health: Health | None = None
    says: str | None = None
    """What one without an address prints when it is ready. With neither it is a task, ready once it has ended well."""
    ports: tuple[Port, ...] = ()
    address: str = ""
    """What people open or send to."""
    after: tuple[str, ...] = ()
    """The stages that have to be ready before, and that are stopped behind it."""
    optional: bool = False
    """Whether the platform goes on without it when it does not get ready, and then without those behind it."""
    is_quiet: bool = False
    """Whether its warnings are for its log alone, and only its errors for the terminal."""
    patience_s: float = 180.0
    """How long it may take until it is ready: Airflow's parts start slowly where there is much else to do."""

    @property
    def is_task(self) -> bool:
        """Whether it is to end, and not to stay."""
        return self.health is None and self.says is None
