"""No request is answered 200 before all of it is durable, whatever the log does."""

from collections.abc import Callable

import msgspec
import pytest
from tests.collector.harness import Running, collecting, event, post, read_reply, request

from snowmelt.collector.settings import CollectorSettings, Queue, Streams
from snowmelt.streams.log import StreamError

PIXEL = request("GET", "/i?e=pv")
SMALL = CollectorSettings(streams=Streams(max_bytes=700))


def test_the_answer_waits_for_the_log() -> None:
    with collecting() as running, running.connect() as client:
        running.good.gate.clear()
        client.sendall(post(event()))
        assert running.good.waiting.wait(10)
        client.setblocking(False)
        assert running.ask(request("GET", "/health")).status == 200  # a round of the loop later …
        with pytest.raises(BlockingIOError):  # … there is still no answer
            client.recv(1)
        client.settimeout(10)
        running.good.gate.set()
        assert read_reply(client).status == 200
        assert len(running.good.records) == 1


def test_the_answer_waits_for_bad_rows_too() -> None:
    with collecting(SMALL) as running, running.connect() as client:
        running.bad.gate.clear()
        client.sendall(post(event(page="x" * 1000)))
        assert running.bad.waiting.wait(10)
        client.setblocking(False)
        assert running.ask(request("GET", "/health")).status == 200
        with pytest.raises(BlockingIOError):
            client.recv(1)
        client.settimeout(10)
        running.bad.gate.set()
        assert read_reply(client).status == 200
        (row,) = running.bad_rows()
        assert row["schema"] == "iglu:com.snowplowanalytics.snowplow.badrows/size_violation/jsonschema/1-0-0"


def refuse(running: Running) -> None:
    running.good.refusal = "the disk is full"


def stop(running: Running) -> None:
    running.good.failure = StreamError("the log has stopped")


def break_down(running: Running) -> None:
    running.good.failure = OSError(5, "input/output error")


def recover(running: Running) -> None:
    running.good.refusal = running.good.failure = None


@pytest.mark.parametrize("fail", [refuse, stop, break_down])
def test_a_failing_log_is_503_and_unhealthy(fail: Callable[[Running], None], caplog: pytest.LogCaptureFixture) -> None:
    with collecting() as running:
        fail(running)
        for _ in range(3):
            assert running.ask(post(event())).status == 503
        assert running.ask(request("GET", "/sink-health")).status == 503
        assert running.ask(request("GET", "/health")).status == 200
        recover(running)
        assert running.ask(post(event())).status == 200
        assert running.ask(request("GET", "/sink-health")).status == 200
        assert len(running.good.records) == 1
    assert [record.levelname for record in caplog.records if "records c" in record.message] == ["ERROR"]


def test_a_failing_bad_log_leaves_others_alone() -> None:
    with collecting(SMALL) as running:
        running.bad.refusal = "the disk is full"
        assert running.ask(post(event(page="x" * 1000))).status == 503
        assert running.ask(PIXEL).status == 200


def test_only_the_refused_part_of_a_batch_fails() -> None:
    with collecting(SMALL) as running, running.connect() as one, running.connect() as two:
        running.bad.refusal = "the disk is full"
        running.good.gate.clear()
        with running.connect() as first:
            first.sendall(PIXEL)
            assert running.good.waiting.wait(10)
            one.sendall(PIXEL)
            two.sendall(post(event(page="x" * 1000)))
            wait_for_queue(running, 3)
            running.good.gate.set()
            assert [read_reply(client).status for client in (first, one, two)] == [200, 200, 503]
        assert running.good.batches == [1, 1]


def test_what_comes_meanwhile_is_the_next_batch() -> None:
    with collecting() as running:
        running.good.gate.clear()
        clients = [running.connect() for _ in range(10)]
        clients[0].sendall(PIXEL)
        assert running.good.waiting.wait(10)
        for client in clients[1:]:
            client.sendall(PIXEL)
        wait_for_queue(running, 10)
        running.good.gate.set()
        for client in clients:
            assert read_reply(client).status == 200
            client.close()
        assert running.good.batches == [1, 9]


@pytest.mark.parametrize("queue", [Queue(record_limit=2), Queue(byte_limit=600)])
def test_a_full_queue_is_503(queue: Queue) -> None:
    with collecting(CollectorSettings(streams=Streams(queue=queue))) as running:
        running.good.gate.clear()
        clients = [running.connect() for _ in range(2)]
        for count, client in enumerate(clients, start=1):
            client.sendall(PIXEL)
            wait_for_queue(running, count)
        assert running.ask(PIXEL).status == 503
        assert running.ask(request("GET", "/health")).status == 200
        running.good.gate.set()
        for client in clients:
            assert read_reply(client).status == 200
            client.close()
        assert running.ask(PIXEL).status == 200
        assert len(running.good.records) == 3


def wait_for_queue(running: Running, records: int) -> None:
    """Returns once so many records wait."""
    while True:
        page = metrics(running)
        if page["snowmelt_collector_queued_records"] == records:
            return


def metrics(running: Running) -> dict[str, float]:
    with running.connect(running.metrics_port) as client:
        client.sendall(request("GET", "/metrics"))
        lines = read_reply(client).body.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_metrics() -> None:
    with collecting(SMALL) as running:
        running.ask(PIXEL)
        running.ask(post(event(page="x" * 1000)))
        running.ask(request("GET", "/nothing"))
        running.ask(b"nonsense\r\n\r\n")
        running.good.refusal = "the disk is full"
        running.ask(PIXEL)
        page = metrics(running)
    size = sum(len(record.data) for record in running.good.records + running.bad.records)
    requests = "snowmelt_collector_requests_total"
    assert page[requests + '{method="GET",route="pixel",status="200"}'] == 1
    assert page[requests + '{method="GET",route="pixel",status="503"}'] == 1
    assert page[requests + '{method="POST",route="post",status="200"}'] == 1
    assert page[requests + '{method="GET",route="none",status="404"}'] == 1
    assert page[requests + '{method="other",route="unreadable",status="400"}'] == 1
    assert page['snowmelt_collector_records_total{kind="good"}'] == 1
    assert page['snowmelt_collector_records_total{kind="bad"}'] == 1
    assert page["snowmelt_collector_written_bytes_total"] == size + len(running.good.records[0].data)
    assert page["snowmelt_collector_refused_records_total"] == 1
    assert page["snowmelt_collector_sink_healthy"] == 0
    assert page["snowmelt_collector_connections_opened_total"] == 5
    assert page["snowmelt_collector_commit_seconds_count"] == 3
    assert page['snowmelt_collector_batch_records_bucket{le="1.0"}'] == 3
    assert page["snowmelt_collector_queued_bytes"] == 0


def test_a_bug_is_answered_500(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with collecting() as running:
        monkeypatch.setattr(running.collector, "_rules", None)
        assert running.ask(PIXEL).status == 500
    assert "a request could not be handled" in caplog.text


def test_settings_reach_the_queue() -> None:
    settings = msgspec.convert({"streams": {"queue": {"recordLimit": 5}}}, CollectorSettings)
    assert settings.streams.queue.record_limit == 5
