"""Every example can be applied, changes nothing the second time, and can be removed whole."""

from pathlib import Path

import pytest
from tests.doubles.terraform import Cloud, Stack
from tests.terraform.conftest import TERRAFORM, Work, example_variables

EXAMPLES = sorted(
    {file.parent for file in TERRAFORM.glob("**/examples/*/*.tf")} | {TERRAFORM / "environments" / "prod"}
)


def test_there_are_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: str(folder.relative_to(TERRAFORM)))
def test_is_made_once_and_removed_whole(folder: Path, cloud: Cloud, work: Work, record_property) -> None:
    stack = Stack(folder, cloud, work("example"), variable_file=example_variables(folder))
    planned = stack.plan()
    record_property("resources", f"{folder.relative_to(TERRAFORM)}: {planned.changes['create']} resources planned")
    assert stack.apply().resources
    again = stack.plan()
    assert again.is_clean, again.text
    stack.destroy()
    assert stack.state().resources == []
