import json
from importlib.resources import files

import pytest

from snowmelt.enrich import uris
from snowmelt.enrich.enrichments.referer import RefererParser, sites

LIST = {
    "search": {
        "Google": {"domains": ["google.com"], "parameters": ["q", "query"]},
        "Images": {"domains": ["google.com/imgres", "images.google.com"], "parameters": ["imgurl"]},
        "Silent": {"domains": ["silent.example"]},
    },
    "social": {"Facebook": {"domains": ["facebook.com"], "parameters": ["q"]}},
    "chatbot": {"ChatGPT": {"domains": ["chatgpt.com"]}},
    "unknown": {"Google": {"domains": ["support.google.com"]}},
}
PARSER = RefererParser.of(sites(LIST), [" www.internaldomain.com ", "other.example"])


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("http://www.google.com/search?q=gateway+oracle+cards", ("search", "Google", "gateway oracle cards")),
        ("https://google.com", ("search", "Google", None)),
        ("https://google.com?q=x", ("search", "Google", "x")),
        ("https://a.b.google.com/?q=%E6%9D%B1&q=2", ("search", "Google", "東")),
        ("https://google.com/?x=1&query=y", ("search", "Google", "y")),
        ("https://google.com/?query=1&q=2", ("search", "Google", "1")),
        ("https://google.com/?q", ("search", "Google", None)),
        ("https://google.com/?q=", ("search", "Google", None)),
        ("https://google.com/?q=%0Aa%09b", ("search", "Google", "a    b")),
        ("https://google.com/imgres?q=1&imgurl=2", ("search", "Images", "2")),
        ("https://google.com/imgres/deep?imgurl=2", ("search", "Images", "2")),
        ("https://google.com/IMGRES", ("search", "Google", None)),
        ("https://GOOGLE.com/", ("unknown", None, None)),
        ("https://silent.example/?q=1", ("search", "Silent", None)),
        ("https://www.facebook.com/l.php?u=x&q=1", ("social", "Facebook", None)),
        ("https://chatgpt.com/", ("chatbot", "ChatGPT", None)),
        ("https://support.google.com/?q=1", ("unknown", None, None)),
        ("http://www.spyfu.com/domain.aspx", ("unknown", None, None)),
        ("https://page.example/other", ("internal", None, None)),
        ("https://www.internaldomain.com/", ("internal", None, None)),
        ("https://sub.other.example/", ("unknown", None, None)),
        ("android-app://facebook.com", ("social", "Facebook", None)),
        ("ftp://google.com/", None),
        ("google.com", None),
        ("https://a_b.google.com/", None),
        ("mailto:a@google.com", None),
    ],
)
def test_the_referrer_tells_where_a_visitor_came_from(referrer, expected):
    assert PARSER.parse(uris.split(referrer), "page.example") == expected


def test_our_own_list_knows_what_people_come_from():
    document = json.loads(files("snowmelt.enrich").joinpath("referers.json").read_text())
    parser = RefererParser.of(sites(document), [])
    for referrer, medium, source in [
        ("https://www.google.co.uk/search?q=x", "search", "Google"),
        ("https://www.bing.com/search?q=x", "search", "Bing"),
        ("https://duckduckgo.com/?q=x", "search", "DuckDuckGo"),
        ("https://search.brave.com/search?q=x", "search", "Brave Search"),
        ("https://yandex.ru/search/?text=x", "search", "Yandex"),
        ("https://l.facebook.com/l.php", "social", "Facebook"),
        ("https://t.co/abc", "social", "Twitter"),
        ("https://bsky.app/", "social", "Bluesky"),
        ("https://mail.google.com/mail/u/0/", "email", "Gmail"),
        ("android-app://com.google.android.gm/", "email", "Gmail"),
        ("https://chatgpt.com/", "chatbot", "ChatGPT"),
        ("https://www.perplexity.ai/search", "chatbot", "Perplexity"),
        ("https://www.bing.com/chat", "chatbot", "Microsoft Copilot"),
        ("https://paid.outbrain.com/network", "paid", "Outbrain"),
        ("https://accounts.google.com/signin", "unknown", None),
    ]:
        found = parser.parse(uris.split(referrer), "page.example")
        assert (found.medium, found.source) == (medium, source), referrer


def test_our_own_list_names_each_domain_once():
    document = json.loads(files("snowmelt.enrich").joinpath("referers.json").read_text())
    domains = [domain for listed in document.values() for entry in listed.values() for domain in entry["domains"]]
    assert len(domains) == len(set(domains))
    assert len(sites(document)) == len(domains) > 400
