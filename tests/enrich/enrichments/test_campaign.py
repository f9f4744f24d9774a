import pytest

from snowmelt.enrich.enrichments import CampaignAttribution
from snowmelt.enrich.query_strings import pairs

FIELDS = {
    "mktMedium": ["utm_medium", "medium"],
    "mktSource": ["utm_source", "source"],
    "mktTerm": ["utm_term", "legacy_term"],
    "mktContent": ["utm_content"],
    "mktCampaign": ["utm_campaign", "cid", "legacy_campaign"],
    "mktClickId": {"customclid": "Custom", "gclid": "Ours"},
}
DEFAULT = CampaignAttribution.from_parameters(
    {"fields": {name: FIELDS[name] for name in FIELDS if name != "mktClickId"}}
)
CUSTOM = CampaignAttribution.from_parameters({"mapping": "static", "fields": FIELDS})


def attribute(attribution, query):
    found = attribution.attribute({name: value or "" for name, value in pairs(query)})
    return {name: value for name, value in found._asdict().items() if value is not None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {}),
        (
            "utm_source=a&utm_medium=b&utm_term=c&utm_content=d&utm_campaign=e",
            {"source": "a", "medium": "b", "term": "c", "content": "d", "campaign": "e"},
        ),
        ("utm_source=", {}),
        ("utm_source", {}),
        ("utm_source=&source=alt", {}),
        ("source=alt", {"source": "alt"}),
        ("cid=c1&legacy_campaign=c2", {"campaign": "c1"}),
        ("legacy_campaign=c2&cid=c1", {"campaign": "c1"}),
        ("utm_source=a&utm_source=b", {"source": "b"}),
        ("UTM_SOURCE=a", {}),
        ("utm_source=Caps", {"source": "Caps"}),
        ("utm_source=%09%0A%00x", {"source": "    x"}),
        ("utm_source=東京", {"source": "東京"}),
        ("gclid=g", {"click_id": "g", "network": "Google"}),
        ("gclid=", {"network": "Google"}),
        ("msclkid=m&gclid=g", {"click_id": "g", "network": "Google"}),
        ("dclid=d&msclkid=m", {"click_id": "m", "network": "Microsoft"}),
        ("dclid=d", {"click_id": "d", "network": "DoubleClick"}),
        ("fbclid=f", {}),
        ("customclid=c", {}),
    ],
)
def test_the_query_tells_of_the_campaign(query, found):
    assert attribute(DEFAULT, query) == found


def test_configured_click_ids_add_to_the_known_ones():
    assert attribute(CUSTOM, "customclid=c") == {"click_id": "c", "network": "Custom"}
    assert attribute(CUSTOM, "customclid=c&dclid=d") == {"click_id": "d", "network": "DoubleClick"}
    assert attribute(CUSTOM, "gclid=g") == {"click_id": "g", "network": "Ours"}
