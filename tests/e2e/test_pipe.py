"""Collector and enrich joined by a pipe, as in a shell."""

import json
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.e2e.laptop import Laptop

from snowmelt.demo.processes import snowmelt, wait_until_healthy
from snowmelt.protocol.enriched import EnrichedEvent


def test_a_request_comes_out_of_the_pipe_as_an_enriched_event(
    laptop: Callable[[str], Laptop], tmp_path: Path, root: Path
) -> None:
    made = laptop("UTC")
    address, log = f"http://127.0.0.1:{made.port}", tmp_path / "collector.log"
    enrichments = str(root / "include" / "enrichments")
    with (
        log.open("wb") as said,
        subprocess.Popen(
            snowmelt("collector", "--sink", "stdout"), env=made.environ, stdout=subprocess.PIPE, stderr=said
        ) as collector,
        subprocess.Popen(
            snowmelt("enrich", "--stdin", "--json", "--enrichments", enrichments),
            env=made.environ,
            stdin=collector.stdout,
            stdout=subprocess.PIPE,
        ) as enrich,
    ):
        assert collector.stdout and enrich.stdout
        collector.stdout.close()  # the pipe now belongs to the two alone
        wait_until_healthy("the collector", collector, log, f"{address}/health", 30)
        for query in (
            "e=pv&p=web&tv=t-1&url=https%3A%2F%2Fexample.com%2F%3Futm_source%3Dpipe",
            "e=pv&p=web&tv=t-1&tid=x",
        ):
            with urllib.request.urlopen(f"{address}/i?{query}", timeout=10) as answer:
                assert answer.status == 200
        good, bad = (json.loads(enrich.stdout.readline()) for _ in range(2))
        collector.terminate()
        assert enrich.stdout.read() == b""
    assert (collector.returncode, enrich.returncode) == (0, 0)
    event = EnrichedEvent.from_tsv(good["good"][0])
    assert (event["mkt_source"], event["event_name"]) == ("pipe", "page_view")
    assert bad["bad"][0]["schema"].split("/")[1] == "enrichment_failures"
    assert not made.home.exists()
