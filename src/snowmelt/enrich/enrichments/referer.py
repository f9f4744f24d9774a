"""Referer parser: which search engine, social network or other site a visitor came from (referer_parser 2-0-0, 2-0-1).

The list of sites is Snowplow's format, `{medium: {source: {domains: [host or host/path], parameters?: [query keys]}}}`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

from snowmelt.enrich.query_strings import decoded
from snowmelt.enrich.uris import Uri
from snowmelt.protocol.enriched import clean

_SCHEMES = frozenset({"http", "https", "android-app"})

MEDIUMS = frozenset({"unknown", "internal", "search", "social", "email", "paid", "chatbot"})


class Referer(NamedTuple):
    """The columns refr_medium, refr_source and refr_term."""

    medium: str
    source: str | None
    term: str | None


class Site(NamedTuple):
    """What the list knows of one domain; `parameters` are the query keys that may hold a search term."""

    medium: str
    source: str
    parameters: frozenset[str]


_INTERNAL = Referer("internal", None, None)
_UNKNOWN = Referer("unknown", None, None)


def sites(document: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Site]:
    """The sites of a list in Snowplow's format by domain; of a domain listed twice the last counts."""
    return {
        domain: Site(medium, source, frozenset(entry.get("parameters") or ()))
        for medium, sources in document.items()
        for source, entry in sources.items()
        for domain in entry["domains"]
    }


@dataclass(frozen=True, slots=True)
class RefererParser:
    """Known sites by domain, and the hosts that belong to the site itself."""

    sites: Mapping[str, Site]
    internal_domains: frozenset[str]

    @classmethod
    def of(cls, sites: Mapping[str, Site], internal_domains: Iterable[str]) -> "RefererParser":
        """The enrichment with these sites; spaces around internal domains do not count."""
        return cls(sites, frozenset(domain.strip() for domain in internal_domains))

    def parse(self, referrer: Uri, page_host: str | None) -> Referer | None:
        """Where a visitor of a page came from; None if the referrer is no address of a site or an Android app."""
        host = referrer.host
        if host is None or referrer.path is None or referrer.scheme not in _SCHEMES:
            return None
        if host == page_host or host in self.internal_domains:
            return _INTERNAL
        site = next((self.sites[key] for key in _keys(host, unquote(referrer.path)) if key in self.sites), None)
        if site is None or site.medium == "unknown":
            return _UNKNOWN
        if site.medium == "internal":
            return _INTERNAL
        term = _term(referrer.query, site.parameters) if site.medium == "search" and referrer.query else None
        return Referer(site.medium, clean(site.source), clean(term))


def _keys(host: str, path: str) -> Iterator[str]:
    """What to look up, in order: the whole path, its first segment, no path, and for each the host and its parents."""
    labels = host.rstrip(".").split(".")
    hosts = [".".join(labels[index:]) for index in range(len(labels))]
    segment = next((segment for segment in path.split("/") if segment), None)
    for suffix in ("",) if segment is None else (path, f"/{segment}", ""):
        for candidate in hosts:
            yield candidate + suffix


def _term(query: str, parameters: frozenset[str]) -> str | None:
    """The value of the first pair whose name may hold a search term."""
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if not name:
            name, value = pair, ""
        if decoded(name) in parameters:
            return decoded(value)
    return None
