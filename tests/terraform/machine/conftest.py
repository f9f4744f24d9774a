"""The machines of the example in which everything is on."""

from collections.abc import Callable

import pytest
from tests.doubles.terraform import State
from tests.terraform.machine.boxes import Box, box

STAGES = ("collector", "iglu", "page", "enrich", "airflow", "prometheus")


@pytest.fixture(scope="session")
def machine(complete: State) -> Callable[[str], Box]:
    """The machine of a stage."""
    return lambda stage: box(complete, stage)


@pytest.fixture(params=STAGES)
def each(request: pytest.FixtureRequest, machine: Callable[[str], Box]) -> Box:
    """Every stage's machine, one after the other."""
    return machine(request.param)
