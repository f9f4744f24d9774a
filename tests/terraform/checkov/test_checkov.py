"""Checkov finds nothing in infra/terraform that somebody did not look at and leave for a written reason."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from tests.terraform.checkov.scan import Scan, scan
from tests.terraform.conftest import TERRAFORM

SKIPS = Path(__file__).with_name("skips.yaml")


class Skip(NamedTuple):
    check: str
    module: str
    resource: str
    reason: str


@pytest.fixture(scope="module")
def skips() -> list[Skip]:
    return [Skip(**entry) for entry in yaml.safe_load(SKIPS.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    return scan(TERRAFORM, tmp_path_factory.mktemp("checkov"))


def test_everything_was_read(scanned: Scan) -> None:
    assert scanned.unread == []
    assert scanned.passed > 500


def test_whatever_is_found_has_a_reason_to_stay(scanned: Scan, skips: list[Skip]) -> None:
    known = {skip[:3] for skip in skips}
    new = [str(found) for found in scanned.findings if (found.check, found.module, found.resource) not in known]
    assert not new, "mend these, or give a reason in skips.yaml:\n" + "\n".join(new)


def test_no_reason_outlives_what_it_was_for(scanned: Scan, skips: list[Skip]) -> None:
    found = {(one.check, one.module, one.resource) for one in scanned.findings}
    assert [skip[:3] for skip in skips if skip[:3] not in found] == []


def test_each_reason_is_given_once_and_in_words(skips: list[Skip]) -> None:
    assert len({skip[:3] for skip in skips}) == len(skips)
    assert [skip[:3] for skip in skips if len(skip.reason.split()) < 3] == []


def test_a_weakness_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "main.tf").write_text('resource "aws_sqs_queue" "plain" {\n  name = "plain"\n}\n', encoding="utf-8")
    found = scan(bad, tmp_path)
    assert {(one.module, one.resource) for one in found.findings} == {(".", "aws_sqs_queue.plain")}
