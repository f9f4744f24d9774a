"""Puts schemas into an Iglu Server, each once: what is there already, word for word, stays as it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from snowmelt.contracts.documents import ContractError
from snowmelt.iglu import http_registry
from snowmelt.iglu.registry import SchemaBody
from snowmelt.protocol.schema_key import SchemaKey

_NOT_CONTENT = frozenset({"metadata", "$supersedes", "$supersededBy"})
"""What a registry adds to a schema or keeps beside it."""


class Result(StrEnum):
    """What became of a schema."""

    PUBLISHED = "published"
    REPLACED = "replaced"
    """Where the registry allows patches."""
    THERE = "already there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Publication:
    """A schema and what became of it; the message says why it was refused."""

    key: SchemaKey
    result: Result
    message: str = ""


class IgluServer:
    """A registry that takes schemas: its URI with or without the /api that it ends in, and a key that may write."""

    def __init__(self, uri: str, apikey: str, transport: httpx.BaseTransport | None = None) -> None:
        """One that nobody has asked yet. Raises ContractError for a URI or key that is none."""
        try:
            address = http_registry.address(uri)
            self._client = http_registry.client(apikey, transport)
        except ValueError as error:
            raise ContractError(f"this registry cannot be asked: {error}") from None
        self.uri = address if address.endswith("/api") else f"{address}/api"

    def publish(self, key: SchemaKey, body: SchemaBody, *, is_public: bool) -> Publication:
        """Publishes a schema, unless it is there. Raises ContractError where the registry cannot be asked further."""
        there = self._ask("GET", key, {"repr": "meta"})
        found = _object(there) if there.is_success else {}
        if found and _content(found) == _content(body):
            metadata = found.get("metadata")
            was_public = metadata.get("isPublic", is_public) if isinstance(metadata, Mapping) else is_public
            if was_public == is_public:
                return Publication(key, Result.THERE)
            said = f"it is there, but {'public' if was_public else 'private'}, and that does not change"
            return Publication(key, Result.REFUSED, said)
        answer = self._ask("PUT", key, {"isPublic": str(is_public).lower()}, body)
        match answer.status_code:
            case 200:
                return Publication(key, Result.REPLACED)
            case 201:
                return Publication(key, Result.PUBLISHED)
            case 400 | 409 | 413 | 422:
                return Publication(key, Result.REFUSED, _message(answer))
            case 401 | 403:
                raise ContractError(f"the key may not publish {key} in {self.uri}: {_message(answer)}")
            case 404 | 405:
                raise ContractError(f"{self.uri} takes no schemas: it is no Iglu Server, or a proxy forbids it")
            case status:
                raise ContractError(f"{self.uri} answers with status {status}: {_message(answer)}")

    def _ask(
        self, method: str, key: SchemaKey, query: Mapping[str, str], body: SchemaBody | None = None
    ) -> httpx.Response:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        url = f"{self.uri}/schemas/{key.path}"
        try:
            return self._client.request(method, url, params=dict(query), content=content, headers=headers)
        except httpx.TimeoutException:
            raise ContractError(f"{self.uri} does not answer in time") from None
        except httpx.HTTPError as error:
            raise ContractError(f"{self.uri} does not answer: {error or type(error).__name__}") from None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        value = answer.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _message(answer: httpx.Response) -> str:
    """What a registry says of its refusal, with what it found in the schema."""
    said = _object(answer)
    report = said.get("report")
    found = [str(one.get("message")) for one in report if isinstance(one, dict)] if isinstance(report, list) else []
    return "; ".join([str(said.get("message", answer.reason_phrase)), *found])


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _NOT_CONTENT}
