"""Cross-domain links: who followed a link from another site, told by the page URL's parameter `_sp`.

Its value is `<duid>.<milliseconds>`, in newer trackers followed by more parts, which are ignored.
"""

from typing import NamedTuple

from snowmelt.enrich import values
from snowmelt.enrich.values import Refused
from snowmelt.protocol.enriched import clean

PARAMETER = "_sp"
TIMESTAMP_FIELD = "sp_dtm"


class CrossDomain(NamedTuple):
    """The columns refr_domain_userid and refr_dvce_tstamp."""

    domain_userid: str | None
    dvce_tstamp: str | None


class NotAMoment(NamedTuple):
    """A link whose second part is no timestamp."""

    text: str
    expectation: str


def parse(text: str) -> CrossDomain | NotAMoment:
    """Visitor and moment of a click; trailing dots do not count."""
    parts = text.rstrip(".").split(".")
    visitor = clean(parts[0])
    if len(parts) < 2:
        return CrossDomain(visitor, None)
    moment = values.timestamp(parts[1])
    return NotAMoment(parts[1], moment.expectation) if isinstance(moment, Refused) else CrossDomain(visitor, moment)
