"""Campaign attribution: where the marketing parameters of a page URL land (campaign_attribution 1-0-0 and 1-0-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from snowmelt.protocol.enriched import clean

_CLICK_IDS = {"gclid": "Google", "msclkid": "Microsoft", "dclid": "DoubleClick"}


class Campaign(NamedTuple):
    """The seven mkt_ columns, in wire order: mkt_medium to mkt_campaign, then mkt_clickid and mkt_network."""

    medium: str | None
    source: str | None
    term: str | None
    content: str | None
    campaign: str | None
    click_id: str | None
    network: str | None


@dataclass(frozen=True, slots=True)
class CampaignAttribution:
    """Parameter names by column, tried in order, and click id parameters with the network each one belongs to."""

    medium: tuple[str, ...]
    source: tuple[str, ...]
    term: tuple[str, ...]
    content: tuple[str, ...]
    campaign: tuple[str, ...]
    click_ids: tuple[tuple[str, str], ...]

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Mapping[str, object]]) -> "CampaignAttribution":
        """The enrichment of a valid configuration's `parameters`. Its click ids add to or override the known ones."""
        fields = parameters["fields"]

        def names(field: str) -> tuple[str, ...]:
            listed = fields[field]
            assert isinstance(listed, list)
            return tuple(listed)

        custom = fields.get("mktClickId", {})
        assert isinstance(custom, dict)
        return cls(
            names("mktMedium"),
            names("mktSource"),
            names("mktTerm"),
            names("mktContent"),
            names("mktCampaign"),
            tuple((_CLICK_IDS | custom).items()),
        )

    def attribute(self, query: Mapping[str, str]) -> Campaign:
        """The campaign a page's query string tells of; parameter names are case-sensitive, an empty value is null."""
        clicks = ((query[name], network) for name, network in self.click_ids if name in query)
        click_id, network = next(clicks, ("", None))
        return Campaign(
            _first(self.medium, query),
            _first(self.source, query),
            _first(self.term, query),
            _first(self.content, query),
            _first(self.campaign, query),
            clean(click_id),
            clean(network),
        )


def _first(names: tuple[str, ...], query: Mapping[str, str]) -> str | None:
    return next((clean(query[name]) for name in names if name in query), None)
