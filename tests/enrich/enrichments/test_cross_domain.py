import pytest

from snowmelt.enrich.enrichments import cross_domain
from snowmelt.enrich.enrichments.cross_domain import CrossDomain, NotAMoment

MOMENT = "2023-11-14 22:13:20.000"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", CrossDomain(None, None)),
        ("duid", CrossDomain("duid", None)),
        ("duid.", CrossDomain("duid", None)),
        ("...", CrossDomain(None, None)),
        ("duid.1700000000000", CrossDomain("duid", MOMENT)),
        (".1700000000000", CrossDomain(None, MOMENT)),
        ("duid.1700000000000.sid.uid.app.web.reason", CrossDomain("duid", MOMENT)),
        ("d\tu.1700000000000", CrossDomain("d    u", MOMENT)),
    ],
)
def test_a_link_names_visitor_and_moment(text, found):
    assert cross_domain.parse(text) == found


@pytest.mark.parametrize("text", ["duid.x", "duid.99999999999999999999", "duid..x", "duid.1700000000000000"])
def test_a_moment_that_is_none_is_told(text):
    found = cross_domain.parse(text)
    assert isinstance(found, NotAMoment)
    assert found.text == text.split(".")[1]
