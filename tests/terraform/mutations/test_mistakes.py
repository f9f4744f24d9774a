"""Mistakes made on purpose: each has to be found by the walk that is there for it.

Applying takes seconds, so several are made at once, each for another walk. ``SNOWMELT_MISTAKES=1 make test-terraform``
makes each alone, which takes minutes.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.doubles.terraform import Cloud, Stack
from tests.terraform.conftest import Work
from tests.terraform.mutations.table import MISTAKES, Mistake, batches

TOGETHER = int(os.environ.get("SNOWMELT_MISTAKES", "4"))
BATCHES = batches(MISTAKES, TOGETHER)


def mistaken(root: Path, folder: Path, mistakes: Sequence[Mistake]) -> Path:
    """A project with the mistakes in it; gives the example in which everything is on."""
    shutil.copytree(root / "infra", folder / "infra")
    for read_too in ("include", "web"):
        (folder / read_too).symlink_to(root / read_too)
    for mistake in mistakes:
        file = folder / "infra" / "terraform" / "modules" / mistake.file
        text = file.read_text(encoding="utf-8")
        assert text.count(mistake.before) == 1, f"{mistake.file} does not hold this once: {mistake.before}"
        file.write_text(text.replace(mistake.before, mistake.after), encoding="utf-8")
    return folder / "infra" / "terraform" / "examples" / "complete"


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: "+".join(each.name.replace(" ", "-") for each in batch))
def test_mistakes_are_found(batch: list[Mistake], root: Path, cloud: Cloud, work: Work, record_property) -> None:
    state = Stack(mistaken(root, work("project"), batch), cloud, work("state")).apply()
    noticed = {mistake.name: bool(mistake.findings(state)) for mistake in batch}
    record_property("mistakes", noticed)
    assert [name for name, found in noticed.items() if not found] == []


def test_there_are_enough() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 25
    assert sum(map(len, BATCHES)) == len(MISTAKES)
