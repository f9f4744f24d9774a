"""Counts of what the collector did, and the Prometheus page that shows them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from snowmelt.collector.messages import Response, response

SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
RECORDS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)


class Histogram:
    """How often values fell below each bound."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Counts one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def family(self, name: str, help_text: str) -> HistogramMetricFamily:
        """The counts, cumulative, as Prometheus wants them."""
        labels = [*map(str, self._bounds), "+Inf"]
        buckets = list(zip(labels, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(name, help_text, buckets=buckets, sum_value=self._sum)


class Meters:
    """Plain counters, changed and read on the event loop alone."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[bytes, str, int]] = Counter()
        """Answered requests by method, route and status."""
        self.received_bytes = 0
        self.records = {"good": 0, "bad": 0}
        """Durable records."""
        self.written_bytes = 0
        """Bytes of records handed to the log."""
        self.refused_records = 0
        self.commit_seconds = Histogram(SECONDS)
        self.batch_records = Histogram(RECORDS)


class State(msgspec.Struct, frozen=True):
    """What is going on at one moment."""

    connections: int
    connections_opened: int
    queued_records: int
    queued_bytes: int
    sink_healthy: bool


class Page:
    """The Prometheus collector over the meters and the present state."""

    def __init__(self, meters: Meters, state: Callable[[], State]) -> None:
        self._meters = meters
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """All families at this moment."""
        meters, state = self._meters, self._state()
        requests = CounterMetricFamily(
            "snowmelt_collector_requests", "Answered requests.", labels=["method", "route", "status"]
        )
        for (method, route, status), count in list(meters.requests.items()):
            requests.add_metric([method.decode(), route, str(status)], count)
        records = CounterMetricFamily("snowmelt_collector_records", "Durable records.", labels=["kind"])
        for kind, count in meters.records.items():
            records.add_metric([kind], count)
        yield requests
        yield records
        for name, help_text, count in (
            ("written_bytes", "Bytes of records handed to the log.", meters.written_bytes),
            ("refused_records", "Records that could not be written.", meters.refused_records),
            ("received_bytes", "Bytes received from clients.", meters.received_bytes),
            ("connections_opened", "Connections accepted.", state.connections_opened),
        ):
            yield CounterMetricFamily(f"snowmelt_collector_{name}", help_text, value=count)
        for name, help_text, value in (
            ("connections", "Open connections.", state.connections),
            ("queued_records", "Records waiting to be durable.", state.queued_records),
            ("queued_bytes", "Bytes waiting to be durable.", state.queued_bytes),
            ("sink_healthy", "1 while the last batch could be written.", int(state.sink_healthy)),
        ):
            yield GaugeMetricFamily(f"snowmelt_collector_{name}", help_text, value=value)
        yield meters.commit_seconds.family("snowmelt_collector_commit_seconds", "Time to make a batch durable.")
        yield meters.batch_records.family("snowmelt_collector_batch_records", "Records in a batch.")

    def response(self) -> Response:
        """The page in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(self)
        return response(200, f"Content-Type: {CONTENT_TYPE_LATEST}\r\n".encode(), generate_latest(registry))
