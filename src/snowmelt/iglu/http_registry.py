"""Registries behind HTTP: Iglu Servers, and static folders that a web server gives."""

import json
import ssl
import time
from collections.abc import Callable
from typing import ClassVar, Final
from uuid import UUID

import httpx

from snowmelt import __version__
from snowmelt.iglu.registry import RegistryFailure, SchemaBody, is_file_name, published
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

MAX_BYTES: Final = 1024 * 1024
"""The longest answer that is read."""

MAX_SECONDS: Final = 15.0
"""How long an answer may take as a whole. Every step of it, from the connection on, has TIMEOUT seconds."""

TIMEOUT: Final = 5.0

_NO_ANSWER = frozenset({401, 407, 408, 425, 429})
"""Refusals that say nothing of the schema: who asks, or how often. Any other 4xx means that there is none."""


def client(apikey: str | None = None, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Asks a registry directly, whatever proxies the environment names, and goes nowhere that it did not name.

    A connection lasts for one request: between two, a registry is restarted more often than a connection is worth.
    """
    return httpx.Client(
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": f"snowmelt/{__version__}"}
        | ({} if apikey is None else {"apikey": apikey}),
        timeout=TIMEOUT,
        limits=httpx.Limits(max_keepalive_connections=0),
        verify=ssl.create_default_context(),
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )


def address(uri: str) -> str:
    """The URI of a registry without a slash at its end. Raises ValueError, with a sentence, for what is none."""
    try:
        parts = httpx.URL(uri)
    except httpx.InvalidURL as error:
        raise ValueError(f"{uri} is not a URI: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise ValueError(f"{uri} is not an http or https URI, such as http://127.0.0.1:8090/api")
    if parts.userinfo or parts.query or parts.fragment:
        raise ValueError("its URI holds more than scheme, host, port and path; a key goes under apikey")
    return str(parts).rstrip("/")


def _check_key(apikey: str) -> None:
    """Refuses what is no key: a registry answers it with 400 whatever is asked, which would look like no schema."""
    try:
        UUID(apikey)
    except ValueError:
        raise ValueError("its apikey is no UUID, and a registry's keys are UUIDs") from None


class HttpRegistry:
    """Asks `<uri>/schemas/…`, so that the URI of an Iglu Server ends in /api and that of a static registry does not."""

    class_priority: ClassVar[int] = 100

    def __init__(
        self,
        name: str,
        uri: str,
        priority: int = 0,
        vendor_prefixes: tuple[str, ...] = (),
        apikey: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A registry that nobody has asked yet. Raises ValueError, with a sentence, for a URI or key that is none."""
        if apikey is not None:
            _check_key(apikey)
        self.name = name
        self.priority = priority
        self.vendor_prefixes = vendor_prefixes
        self._uri = address(uri)
        self._client = client(apikey, transport)
        self._clock = clock
        self._rests_until = 0.0
        self._said = ""

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        """The schema, or None where the registry has none of that name. Raises RegistryFailure."""
        answer = self._get(key.vendor, key.name, key.format, str(key.version))
        return None if answer is None else published(key, answer, "answer")

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        """The versions of a model, as listed; those that can be found one after the other where nothing is listed."""
        answer = self._get(vendor, name, "jsonschema", str(model))
        if answer is None:
            return self._found(vendor, name, model)
        try:
            listed = [SchemaKey.parse(uri) for uri in json.loads(answer)]
        except (ValueError, TypeError, RecursionError):
            raise RegistryFailure(f"the list of {vendor}/{name} is not a list of Iglu URIs") from None
        return [
            key.version
            for key in listed
            if key is not None
            and (key.vendor, key.name, key.format, key.version.model) == (vendor, name, "jsonschema", model)
        ]

    def _found(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        """The versions that are there, for a registry that lists none: 1-0-0, 1-0-1, … and so on in each revision."""
        found: list[SchemaVer] = []
        version = SchemaVer(model, 0, 0)
        while True:
            if self.lookup(SchemaKey(vendor, name, "jsonschema", version)) is not None:
                found.append(version)
                version = SchemaVer(model, version.revision, version.addition + 1)
            elif version.addition:
                version = SchemaVer(model, version.revision + 1, 0)
            else:
                return found

    def _get(self, *names: str) -> bytes | None:
        """The answer, None where there is nothing of these names. Raises RegistryFailure.

        A registry that failed rests for as long as it kept us waiting, and its failure is repeated meanwhile: so many
        schemas do not have to wait for their timeouts one after the other.
        """
        if not all(map(is_file_name, names)):
            return None
        start = self._clock()
        if start < self._rests_until:
            raise RegistryFailure(self._said)
        try:
            return self._answer(f"{self._uri}/schemas/{'/'.join(names)}", start)
        except httpx.TimeoutException:
            self._said = f"{self._uri} does not answer in time"
        except httpx.HTTPError as error:
            self._said = f"{self._uri} does not answer: {error or type(error).__name__}"
        except RegistryFailure as error:
            self._said = str(error)
        now = self._clock()
        self._rests_until = now + (now - start)
        raise RegistryFailure(self._said)

    def _answer(self, url: str, start: float) -> bytes | None:
        with self._client.stream("GET", url) as response:
            status = response.status_code
            if 400 <= status < 500 and status not in _NO_ANSWER:
                return None
            if not response.is_success:
                moved = f" and points to {response.headers['location']}" if response.has_redirect_location else ""
                raise RegistryFailure(f"{self._uri} answers with status {status}{moved}")
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    raise RegistryFailure(f"{self._uri} answers with more than {MAX_BYTES} bytes")
                if self._clock() - start > MAX_SECONDS:
                    raise RegistryFailure(f"{self._uri} does not answer in {MAX_SECONDS:.0f} seconds")
            return bytes(body)
