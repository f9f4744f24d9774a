"""Snowplow's resolver configuration: which registries there are and how long their answers are kept."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from snowmelt.iglu.http_registry import HttpRegistry
from snowmelt.iglu.registry import FolderRegistry, Registry
from snowmelt.protocol.json_text import Json, JsonError, loads
from snowmelt.protocol.schema_key import SchemaCriterion
from snowmelt.protocol.self_describing import SelfDescribing, parse

_CONFIGURATION = SchemaCriterion("com.snowplowanalytics.iglu", "resolver-config", "jsonschema", 1, 0)


class ResolverConfigError(ValueError):
    """A resolver configuration that cannot be used; the message is one sentence."""


class Embedded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder of schemas."""

    path: str


class Http(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registry behind a URI."""

    uri: str
    apikey: str | None = None


class Connection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a registry is reached: exactly one of the two."""

    embedded: Embedded | None = None
    http: Http | None = None


class Repository(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One registry."""

    name: str
    priority: int
    vendor_prefixes: tuple[str, ...]
    connection: Connection


class ResolverConfiguration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The data of com.snowplowanalytics.iglu/resolver-config, versions 1-0-0 to 1-0-3."""

    cache_size: Annotated[int, Meta(ge=0)]
    # Schemas and failed lookups kept, 0 for none.
    repositories: tuple[Repository, ...]
    cache_ttl: Annotated[int, Meta(ge=0)] | None = None
    # Seconds an answer is kept; null for ever.


def read_file(file: Path) -> Json:
    """The JSON of a configuration file. Raises ResolverConfigError."""
    try:
        return loads(file.read_bytes())
    except OSError as error:
        raise ResolverConfigError(f"the resolver configuration {file} cannot be read: {error.strerror}") from error
    except JsonError as error:
        raise ResolverConfigError(f"the resolver configuration {file} is not JSON: {error}") from error


def read(value: Json) -> ResolverConfiguration:
    """The configuration in a self-describing JSON. Raises ResolverConfigError."""
    document = parse(value)
    if not isinstance(document, SelfDescribing) or not _CONFIGURATION.matches(document.key):
        raise ResolverConfigError(f"the resolver configuration is not self-describing JSON of {_CONFIGURATION}")
    try:
        return msgspec.convert(document.data, ResolverConfiguration)
    except msgspec.ValidationError as error:
        raise ResolverConfigError(f"the resolver configuration is not valid: {error}") from None


def registries(configuration: ResolverConfiguration, base: Path) -> list[Registry]:
    """The configured registries; paths are relative to `base`. Raises ResolverConfigError."""
    names = [repository.name for repository in configuration.repositories]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise ResolverConfigError(f"two repositories are called {doubled!r}: name each differently")
    return [_registry(repository, base) for repository in configuration.repositories]


def _registry(repository: Repository, base: Path) -> Registry:
    name, priority, prefixes = repository.name, repository.priority, repository.vendor_prefixes
    match repository.connection:
        case Connection(embedded=Embedded(path=path), http=None):
            folder = base / path
            if not folder.is_dir():
                raise ResolverConfigError(f"the repository {name!r} is at {folder}, which is not a folder")
            return FolderRegistry(name, folder, priority, prefixes)
        case Connection(embedded=None, http=Http(uri=uri, apikey=apikey)):
            try:
                return HttpRegistry(name, uri, priority, prefixes, apikey)
            except ValueError as error:
                raise ResolverConfigError(f"the repository {name!r} cannot be asked: {error}") from None
        case _:
            raise ResolverConfigError(f"the repository {name!r} needs a connection, either embedded or http")
