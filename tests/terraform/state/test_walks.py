"""Each walk over what was applied, in every configuration: it finds nothing wrong."""

from collections.abc import Callable

import pytest
from tests.doubles.terraform import Cloud, Stack, State
from tests.terraform.iam import roles
from tests.terraform.iam.table import Table, read
from tests.terraform.state import (
    alarming,
    edge,
    encryption,
    guards,
    keeping,
    log_lines,
    machines,
    reachability,
    scraping,
    secrecy,
)

Walk = Callable[[State], list[str]]

WALKS: tuple[Walk, ...] = (
    alarming.unheard,
    alarming.missing,
    alarming.astray,
    edge.doors,
    edge.services,
    edge.named,
    encryption.unencrypted,
    encryption.loose_key,
    guards.unguarded,
    guards.unlocked_key,
    keeping.queues,
    keeping.buckets,
    keeping.databases,
    keeping.secrets,
    keeping.streams,
    log_lines.unwatched,
    log_lines.locked_out,
    log_lines.unshipped,
    machines.exposed,
    machines.careless,
    machines.forgetful,
    machines.unrenewed,
    reachability.open_ways,
    reachability.leaving_ways,
    scraping.unscraped,
    secrecy.in_user_data,
)


@pytest.fixture(params=["complete", "dev", "prod"])
def applied(request: pytest.FixtureRequest) -> Stack:
    """A configuration that was applied."""
    stack: Stack = request.getfixturevalue(f"{request.param}_stack")
    return stack


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.__module__.rpartition('.')[2]}.{walk.__name__}")
def test_finds_nothing_wrong(walk: Walk, applied: Stack) -> None:
    assert walk(applied.state()) == []


def test_no_secret_is_written_down(applied: Stack, cloud: Cloud) -> None:
    assert cloud.secrets, "the double saw no secret: nothing was looked for"
    texts = {"plan": applied.plan_text, "state": applied.state_text}
    assert secrecy.told(texts, cloud.secrets) == []
    assert secrecy.in_user_data(applied.state(), cloud.secrets) == []


@pytest.fixture(scope="module")
def table(root) -> Table:
    """What each role may do, as the page has it."""
    return read(root / "docs" / "reference" / "permissions.md")


@pytest.mark.parametrize("walk", [roles.findings, roles.trust_findings], ids=lambda walk: walk.__name__)
def test_roles_may_do_what_the_table_says_and_nothing_else(walk, applied: Stack, table: Table) -> None:
    assert walk(applied.state(), table) == []
