"""Snowplow's enrichment configurations: a folder of self-describing JSON files, one an enrichment.

This is the only part of enrich that reads files, once, when the application starts. What cannot be used stops it there:
an enrichment that somebody switched on must not be missing in silence.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import to_builtins
from ua_parser.loaders import load_yaml

from snowmelt.enrich import databases
from snowmelt.enrich.databases import DatabaseError
from snowmelt.enrich.enrichments import CampaignAttribution, Enrichments, EventFingerprint, RefererParser, UaParser
from snowmelt.enrich.enrichments.referer import Site, sites
from snowmelt.iglu.resolver import default_resolver
from snowmelt.iglu.validation import ResolutionError, ValidationError, Validator
from snowmelt.protocol import self_describing
from snowmelt.protocol.json_text import JsonError, loads
from snowmelt.protocol.schema_key import SchemaCriterion
from snowmelt.protocol.self_describing import NotIglu, SelfDescribing

_SNOWPLOW: Final = "com.snowplowanalytics.snowplow"
REFERERS: Final = "referers.json"
"""Our own list of sites that send visitors."""


class ConfigurationError(ValueError):
    """An enrichment configuration that cannot be used; the message is one sentence that names the file."""


class _Entry(msgspec.Struct, frozen=True):
    """One site of a referer list."""

    domains: list[str]
    parameters: list[str] | None = None


def load_enrichments(folder: Path) -> Enrichments:
    """The enabled enrichments of the `*.json` files in a folder. Raises ConfigurationError."""
    if not folder.is_dir():
        raise ConfigurationError(f"the enrichments should be in {folder}, which is not a folder")
    validator = Validator(default_resolver())
    enrichments = Enrichments()
    seen: dict[str, Path] = {}
    for file in sorted(folder.glob("*.json")):
        document = _document(file)
        name = _usable_name(file, document, validator)
        if name is None:
            continue
        if name in seen:
            raise ConfigurationError(f"{file} and {seen[name]} both configure {name}")
        seen[name] = file
        assert isinstance(document.data, dict)
        parameters: Any = document.data.get("parameters", {})
        try:
            enrichments = _BUILDERS[name](enrichments, parameters, folder)
        except (DatabaseError, msgspec.MsgspecError) as error:
            raise ConfigurationError(f"{file}: {error}") from error
    return enrichments


def _document(file: Path) -> SelfDescribing:
    try:
        document = self_describing.parse(loads(file.read_bytes()))
    except (OSError, JsonError) as error:
        raise ConfigurationError(f"{file} is not JSON: {error}") from error
    if isinstance(document, NotIglu):
        raise ConfigurationError(f'{file} is not self-describing JSON: expected {{"schema": "iglu:…", "data": {{…}}}}')
    return document


def _usable_name(file: Path, document: SelfDescribing, validator: Validator) -> str | None:
    """The name of the enrichment that a file configures, None if it is switched off."""
    key = document.key
    enabled = not isinstance(document.data, dict) or document.data.get("enabled") is not False
    name = next((name for name, criterion in _CRITERIA.items() if criterion.matches(key)), None)
    if name is None:
        if not enabled:
            return None
        raise ConfigurationError(
            f"{file} switches on {key.name}, which does not exist here yet: set enabled to false "
            f"(there are {', '.join(_CRITERIA)})"
        )
    checked = validator.check(document)
    if isinstance(checked, SelfDescribing):
        return name if enabled else None
    match checked:
        case ValidationError(reports=reports):
            said = reports[0].message
        case ResolutionError():
            said = f"there is no schema {key.uri}"
        case _:
            said = f"the schema {key.uri} is not valid"
    raise ConfigurationError(f"{file} is not valid: {said}")


def _campaign_attribution(enrichments: Enrichments, parameters: Mapping[str, Any], _: Path) -> Enrichments:
    return replace(enrichments, campaign_attribution=CampaignAttribution.from_parameters(parameters))


def _event_fingerprint(enrichments: Enrichments, parameters: Mapping[str, Any], _: Path) -> Enrichments:
    return replace(enrichments, event_fingerprint=EventFingerprint.from_parameters(parameters))


def _referer_parser(enrichments: Enrichments, parameters: Mapping[str, Any], folder: Path) -> Enrichments:
    """Its first version names no list: then ours is taken. Inline `referrers` come over the list."""
    uri, database = parameters.get("uri", databases.BUILT_IN), parameters.get("database", REFERERS)
    listed = _sites(databases.read(uri, database, folder))
    inline = sites(parameters.get("referrers", {}))
    parser = RefererParser.of(listed | inline, parameters["internalDomains"])
    return replace(enrichments, referer_parser=parser)


def _sites(content: bytes) -> dict[str, Site]:
    document = msgspec.json.decode(content, type=dict[str, dict[str, _Entry]])
    return sites(
        {
            medium: {source: to_builtins(entry) for source, entry in listed.items()}
            for medium, listed in document.items()
        }
    )


def _ua_parser(enrichments: Enrichments, parameters: Mapping[str, Any], folder: Path) -> Enrichments:
    if "uri" not in parameters:
        return replace(enrichments, ua_parser=UaParser())
    database = parameters.get("database", "regexes.yaml")
    content = databases.read(parameters["uri"], database, folder)
    if load_yaml is None:
        raise DatabaseError(f"{database} is YAML, and PyYAML is not installed")
    try:
        rules = load_yaml(io.BytesIO(content))
        return replace(enrichments, ua_parser=UaParser(rules))
    except Exception as error:
        said = " ".join(str(error).split())
        raise DatabaseError(f"{database} holds no rules of uap-core: {said}") from error


_BUILDERS: Final[Mapping[str, Callable[[Enrichments, Mapping[str, Any], Path], Enrichments]]] = {
    "campaign_attribution": _campaign_attribution,
    "event_fingerprint_config": _event_fingerprint,
    "referer_parser": _referer_parser,
    "ua_parser_config": _ua_parser,
}

_CRITERIA: Final = {name: SchemaCriterion(_SNOWPLOW, name, "jsonschema") for name in _BUILDERS}
