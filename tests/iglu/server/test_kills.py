"""The registry is killed again and again while clients publish; what it acknowledged is there, byte for byte."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx
import msgspec
import pytest
from tests.iglu.server.harness import SUPER_KEY, Process, process, schema

from snowmelt.iglu.server.settings import Database
from snowmelt.protocol.schema_key import SchemaKey

KILLS = 5
CLIENTS = 8
HEADERS = {"apikey": str(SUPER_KEY)}


@pytest.mark.slow
def test_what_was_acknowledged_outlives_every_kill(
    database: Database, kind: str, tmp_path: Path, crash_row: Callable[..., None]
) -> None:
    random = Random(20261125)
    acknowledged: dict[str, bytes] = {}
    attempted: dict[str, bytes] = {}
    for round_ in range(KILLS):
        with process(tmp_path, database) as (running, port):
            load = Load(running, f"http://127.0.0.1:{port}/api", round_, random)
            asyncio.run(load.until_killed(random.randrange(5, 80)))
        acknowledged |= load.acknowledged
        attempted |= load.attempted
    with process(tmp_path, database) as (_, port):
        found = stored(f"http://127.0.0.1:{port}/api")
    lost = [uri for uri, body in acknowledged.items() if found.get(uri) != body]
    crash_row(f"kill -9 of the registry on {kind}", KILLS, len(acknowledged), len(lost), 0)
    assert lost == []
    assert len(acknowledged) > KILLS * 5
    assert {uri: body for uri, body in found.items() if attempted[uri] != body} == {}
    assert gaps(found) == []


class Load:
    """Clients that publish version after version of a name of their own, until the registry goes away."""

    def __init__(self, running: Process, address: str, round_: int, random: Random) -> None:
        self._running = running
        self._address = address
        self._round = round_
        self._random = random
        self.attempted: dict[str, bytes] = {}
        self.acknowledged: dict[str, bytes] = {}

    async def until_killed(self, after: int) -> None:
        """Kills the registry at the moment when so many schemas were acknowledged."""
        async with httpx.AsyncClient(base_url=self._address, headers=HEADERS, timeout=60) as http:
            names = (f"n{self._round}_{client}" for client in range(CLIENTS))
            await asyncio.gather(*(self._publish(http, name, after) for name in names))

    async def _publish(self, http: httpx.AsyncClient, name: str, after: int) -> None:
        for addition in range(10_000):
            version = f"1-0-{addition}"
            filler = "é" * self._random.randrange(10_000)
            body = msgspec.json.encode(schema("com.acme", name, version, title=filler))
            uri = f"iglu:com.acme/{name}/jsonschema/{version}"
            self.attempted[uri] = body
            try:
                answer = await http.post("/schemas", content=body)
            except httpx.HTTPError:
                return
            assert answer.status_code == 201, answer.text
            self.acknowledged[uri] = body
            if len(self.acknowledged) >= after:
                self._running.popen.kill()


def stored(address: str) -> dict[str, bytes]:
    """Every schema as it is served."""
    with httpx.Client(base_url=address, headers=HEADERS, timeout=60) as client:
        uris: list[str] = client.get("/schemas").json()
        return {uri: client.get(f"/schemas/{uri.removeprefix('iglu:')}").content for uri in uris}


def gaps(found: dict[str, bytes]) -> list[str]:
    """Versions whose predecessor is not there."""
    keys = [key for uri in found if (key := SchemaKey.parse(uri))]
    return [
        key.uri
        for key in keys
        if key.version.addition and f"{key.uri.rpartition('-')[0]}-{key.version.addition - 1}" not in found
    ]
