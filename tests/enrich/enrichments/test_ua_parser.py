import pytest

from snowmelt.enrich.enrichments import UaParser


@pytest.fixture(scope="module")
def parser():
    return UaParser()


NAMES = (
    *("useragentFamily", "useragentMajor", "useragentMinor", "useragentPatch", "useragentVersion"),
    *("osFamily", "osMajor", "osMinor", "osPatch", "osPatchMinor", "osVersion", "deviceFamily"),
)

MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10) AppleWebKit/600.1.25 (KHTML, like Gecko) Version/8.0 Safari/600.1.25"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 5_1_1 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) "
    "Version/5.1 Mobile/9B206 Safari/7534.48.3"
)


@pytest.mark.parametrize(
    ("user_agent", "values"),
    [
        (
            IPHONE,
            ("Mobile Safari", "5", "1", None, "Mobile Safari 5.1", "iOS", "5", "1", "1", None, "iOS 5.1.1", "iPhone"),
        ),
        (
            MAC,
            ("Safari", "8", "0", None, "Safari 8.0", "Mac OS X", "10", "10", None, None, "Mac OS X 10.10", "Mac"),
        ),
        ("", ("Other", None, None, None, "Other", "Other", None, None, None, None, "Other", "Other")),
        ("curl/8.0", ("curl", "8", "0", None, "curl 8.0", "Other", None, None, None, None, "Other", "Other")),
    ],
    ids=["iphone", "mac", "empty", "curl"],
)
def test_a_user_agent_becomes_an_entity_with_every_key(user_agent, values, parser, validator):
    entity = parser.entity(user_agent)
    assert entity.data == dict(zip(NAMES, values, strict=True))
    assert tuple(entity.data) == NAMES
    assert validator.check(entity) is entity
