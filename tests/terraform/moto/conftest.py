"""Our configurations, applied into a moto server: what the services themselves say is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.doubles.terraform import Cloud, Stack, State
from tests.doubles.terraform.moto import Aws, Moto, MotoServer
from tests.terraform.conftest import TERRAFORM, Work, applied

REGION = "eu-west-1"
COMPLETE = TERRAFORM / "examples" / "complete"
TOLD = "moto"


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything of `examples/complete`, as Terraform knows it and as the services do."""

    aws: Aws
    cloud: Cloud
    stack: Stack
    state: State
    key: str


@pytest.fixture(scope="session")
def server() -> Iterator[MotoServer]:
    """A moto server for tests that empty it first."""
    with MotoServer() as served:
        yield served


@pytest.fixture
def moto(server: MotoServer) -> Moto:
    """The back end on an empty server."""
    server.reset()
    return Moto(server.url)


@pytest.fixture
def aws(moto: Moto) -> Aws:
    """The clients of that server."""
    return moto.clients.of(REGION)


@pytest.fixture
def real(moto: Moto, work: Work) -> Iterator[Cloud]:
    """The double with that back end."""
    with Cloud(work("real"), moto) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def platform(work: Work) -> Iterator[Platform]:
    """The complete example on a server of its own. Tests may use what is there; none changes what Terraform made."""
    with MotoServer() as served:
        moto = Moto(served.url)
        with Cloud(work("platform"), moto) as cloud:
            stack = applied(COMPLETE, cloud, work)
            state = stack.state()
            yield Platform(moto.clients.of(REGION), cloud, stack, state, state.one("aws_kms_key")["arn"])


HEAD = f"""terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws" }}
  }}
}}
provider "aws" {{
  region = "{REGION}"
}}
"""


def written(folder: Path, text: str, cloud: Cloud, work: Work) -> Stack:
    """A configuration of a few resources."""
    folder.mkdir()
    (folder / "main.tf").write_text(HEAD + text, encoding="utf-8")
    return Stack(folder, cloud, work("stack"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints how much of the example was really made. Properties of tests reach this also from other processes."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    told = [text for report in reports for name, text in getattr(report, "user_properties", []) if name == TOLD]
    if told:
        terminalreporter.section("in moto")
        for text in dict.fromkeys(told):
            terminalreporter.line(str(text))
