"""Enrichers to test with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from snowmelt.enrich.configuration import load_enrichments
from snowmelt.enrich.pipeline import ARTIFACT, Enricher
from snowmelt.iglu.registry import FolderRegistry, embedded_registry
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import Validator
from snowmelt.protocol.bad_rows import Processor

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="session")
def resolver() -> Resolver:
    """Our own schemas and those of the cases."""
    return Resolver([embedded_registry(), FolderRegistry("cases", CASES / "schemas", priority=1)])


@pytest.fixture(scope="session")
def validator(resolver) -> Validator:
    """Validates with the schemas of the cases."""
    return Validator(resolver)


@pytest.fixture(scope="session")
def enricher(resolver) -> Enricher:
    """Configured like the application whose answers were recorded."""
    return Enricher(resolver, load_enrichments(CASES / "enrichments"), Processor(ARTIFACT, "0.1.0"))


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which everything is enriched."""
    return NOW
