"""Every type of resource that is real in moto."""

from collections.abc import Mapping

from tests.doubles.terraform.moto import (
    balancer,
    buckets,
    database,
    firewall,
    keys,
    listeners,
    network,
    queues,
    roles,
    routes,
    scaling,
    stored,
    streams,
    tables,
    templates,
    topics,
    watch,
)
from tests.doubles.terraform.moto.kind import Kind

_TOPICS = (
    keys, streams, tables, queues, topics, watch, stored, buckets,
    network, routes, firewall, roles, templates, scaling, balancer, listeners, database,
)  # fmt: skip

KINDS: Mapping[str, Kind] = {name: kind for topic in _TOPICS for name, kind in topic.KINDS.items()}
