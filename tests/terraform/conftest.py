"""A cloud that is not there, and what our configurations make in it. Each pytest worker has its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.terraform import Cloud, Stack, State

TERRAFORM = Path(__file__).parents[2] / "infra" / "terraform"
Work = Callable[[str], Path]


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """A new folder for what Terraform writes."""
    return lambda name: tmp_path_factory.mktemp(name)


@pytest.fixture(scope="session")
def cloud(work: Work) -> Iterator[Cloud]:
    """The double of the providers, for as long as the tests run."""
    with Cloud(work("cloud")) as served:
        yield served


@pytest.fixture
def stack(cloud: Cloud, work: Work) -> Callable[..., Stack]:
    """Makes a stack of a folder of configuration, with a state of its own."""

    def make(folder: Path, **variables: Any) -> Stack:
        return Stack(folder, cloud, work("stack"), variables)

    return make


def example_variables(folder: Path) -> Path | None:
    """The example of a tfvars file that a configuration brings, where it brings one."""
    example = folder / "terraform.tfvars.example"
    return example if example.exists() else None


def applied(folder: Path, cloud: Cloud, work: Work) -> Stack:
    """The configuration in a folder, planned and applied."""
    assert folder.is_dir(), f"there is no configuration at {folder}"
    made = Stack(folder, cloud, work(folder.name), variable_file=example_variables(folder))
    made.plan()
    made.apply()
    return made


@pytest.fixture(scope="session")
def complete_stack(cloud: Cloud, work: Work) -> Stack:
    """Every module together, applied."""
    return applied(TERRAFORM / "examples" / "complete", cloud, work)


@pytest.fixture(scope="session")
def dev_stack(cloud: Cloud, work: Work) -> Stack:
    """The development environment, applied."""
    return applied(TERRAFORM / "environments" / "dev", cloud, work)


@pytest.fixture(scope="session")
def prod_stack(cloud: Cloud, work: Work) -> Stack:
    """The production environment, applied."""
    return applied(TERRAFORM / "environments" / "prod", cloud, work)


@pytest.fixture(scope="session")
def complete(complete_stack: Stack) -> State:
    """What is there when every module was applied together."""
    return complete_stack.state()


@pytest.fixture(scope="session")
def dev(dev_stack: Stack) -> State:
    """What is there in the development environment."""
    return dev_stack.state()


@pytest.fixture(scope="session")
def prod(prod_stack: Stack) -> State:
    """What is there in the production environment."""
    return prod_stack.state()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints, behind the results, how many of the deliberate mistakes were found, and how much prod consists of."""
    told = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name in ("mistakes", "resources")
    ]
    noticed = {name: found for each in told if isinstance(each, dict) for name, found in each.items()}
    if noticed:
        missed = sorted(name for name, found in noticed.items() if not found)
        terminalreporter.section("Terraform: deliberate mistakes")
        terminalreporter.line(f"caught {len(noticed) - len(missed)} of {len(noticed)}")
        for name in missed:
            terminalreporter.line(f"missed: {name}")
    for line in sorted(
        each for each in told if isinstance(each, str) and each.startswith(("environments/", "examples/"))
    ):
        terminalreporter.line(line)
