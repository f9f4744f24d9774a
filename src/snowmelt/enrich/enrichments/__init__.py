"""What is added to an event, each configured by Snowplow's configuration JSON of the same name."""

from dataclasses import dataclass

from snowmelt.enrich.enrichments.campaign import CampaignAttribution
from snowmelt.enrich.enrichments.fingerprint import EventFingerprint
from snowmelt.enrich.enrichments.referer import RefererParser
from snowmelt.enrich.enrichments.ua_parser import UaParser

__all__ = ["CampaignAttribution", "Enrichments", "EventFingerprint", "RefererParser", "UaParser"]


@dataclass(frozen=True, slots=True)
class Enrichments:
    """The enabled enrichments; None for one that is not. Cross-domain links need no configuration."""

    campaign_attribution: CampaignAttribution | None = None
    event_fingerprint: EventFingerprint | None = None
    referer_parser: RefererParser | None = None
    ua_parser: UaParser | None = None
