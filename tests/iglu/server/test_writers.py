"""Two hundred writers at once, against a real process: nobody breaks a rule, and nobody's schema is lost."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.iglu.server.harness import SUPER_KEY, process, schema

from snowmelt.iglu.server.settings import Database

WRITERS = 200


@pytest.mark.slow
def test_two_hundred_writers(database: Database, tmp_path: Path) -> None:
    with process(tmp_path, database) as (_, port):
        asyncio.run(write(f"http://127.0.0.1:{port}/api"))


async def write(address: str) -> None:
    limits = httpx.Limits(max_connections=WRITERS, max_keepalive_connections=WRITERS)
    headers = {"apikey": str(SUPER_KEY)}
    async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=120) as client:
        await one_version_has_one_content(client)
        await every_name_is_there(client)
        await versions_have_no_gaps(client)


async def publish(client: httpx.AsyncClient, body: dict[str, Any]) -> int:
    return (await client.post("/schemas", json=body)).status_code


async def one_version_has_one_content(client: httpx.AsyncClient) -> None:
    bodies = [schema("com.acme", "same", "1-0-0", description=f"By writer {number}") for number in range(WRITERS)]
    statuses = await asyncio.gather(*(publish(client, body) for body in bodies))
    assert sorted(statuses) == [201] + [409] * (WRITERS - 1)
    (winner,) = (body for body, status in zip(bodies, statuses, strict=True) if status == 201)
    assert (await client.get("/schemas/com.acme/same/jsonschema/1-0-0")).json() == winner


async def every_name_is_there(client: httpx.AsyncClient) -> None:
    bodies = [schema("com.acme.many", f"name_{number:03}", "1-0-0") for number in range(WRITERS)]
    assert await asyncio.gather(*(publish(client, body) for body in bodies)) == [201] * WRITERS
    found = (await client.get("/schemas/com.acme.many", params={"repr": "canonical"})).json()
    assert found == bodies


async def versions_have_no_gaps(client: httpx.AsyncClient) -> None:
    """All versions at once, the last first: those that came too early are refused, those that were taken follow."""
    bodies = [schema("com.acme", "line", f"1-0-{number}") for number in reversed(range(WRITERS))]
    statuses = await asyncio.gather(*(publish(client, body) for body in bodies))
    assert set(statuses) <= {201, 409}
    found = (await client.get("/schemas/com.acme/line/jsonschema/1")).json()
    assert found == [f"iglu:com.acme/line/jsonschema/1-0-{number}" for number in range(statuses.count(201))]
