"""The seam behind which resources can exist for real."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.doubles.terraform import Cloud, TerraformError
from tests.terraform.conftest import Work
from tests.terraform.double.conftest import Written


class Queues:
    """A service with queues, one of which it refuses to make."""

    def __init__(self) -> None:
        self.there: dict[str, dict[str, Any]] = {}

    def creates(self, type_name: str) -> bool:
        return type_name in ("aws_sqs_queue", "aws_secretsmanager_secret_version")

    def create(self, type_name: str, planned: dict[str, Any], write_only: Mapping[str, Any]) -> dict[str, Any]:
        if planned.get("name") == "refused":
            raise ValueError("QueueLimitExceeded: no more queues")
        url = f"https://real/{planned.get('name') or planned['secret_id']}"
        self.there[url] = planned | dict(write_only)
        return {"id": url, "url": url} if type_name == "aws_sqs_queue" else {"id": url}

    def update(
        self, type_name: str, prior: dict[str, Any], planned: dict[str, Any], write_only: Mapping[str, Any]
    ) -> dict[str, Any]:
        self.there[prior["id"]] = planned
        return {}

    def delete(self, type_name: str, prior: dict[str, Any]) -> None:
        self.there.pop(prior["id"], None)

    def read(self, type_name: str, prior: dict[str, Any]) -> dict[str, Any] | None:
        there = self.there.get(prior["id"])
        return None if there is None else {"delay_seconds": there.get("delay_seconds")}


@pytest.fixture
def queues() -> Queues:
    return Queues()


@pytest.fixture
def real(work: Work, queues: Queues) -> Iterator[Cloud]:
    with Cloud(work("real"), queues) as cloud:
        yield cloud


TEXT = """
variable "delay" {
  type    = number
  default = 1
}
resource "aws_sqs_queue" "q" {
  name_prefix   = "q-"
  delay_seconds = var.delay
}
resource "aws_sns_topic" "t" {
  name = "only-in-the-double"
}
"""


def test_a_back_end_makes_changes_and_removes(written: Written, real: Cloud, queues: Queues) -> None:
    stack = written(TEXT, served=real)
    queue = stack.apply().one("aws_sqs_queue")
    assert list(queues.there) == [queue["url"]] == [f"https://real/{queue['name']}"]
    assert queue["name"].startswith("q-")
    assert queue["arn"].startswith("arn:aws:sqs:")
    assert stack.plan().is_clean
    stack.apply(delay=2)
    assert queues.there[queue["url"]]["delay_seconds"] == 2
    stack.destroy()
    assert queues.there == {}


def test_a_change_behind_our_back_is_seen(written: Written, real: Cloud, queues: Queues) -> None:
    stack = written(TEXT, served=real)
    queue = stack.apply().one("aws_sqs_queue")
    queues.there[queue["url"]]["delay_seconds"] = 99
    plan = stack.plan()
    assert (plan.changes, plan.is_clean) == ({"update": 1}, False)
    queues.there.clear()
    assert stack.plan().changes == {"create": 1}


def test_what_the_service_refuses_is_terraforms_error(written: Written, real: Cloud) -> None:
    stack = written('resource "aws_sqs_queue" "q" {\n name = "refused"\n}', served=real)
    with pytest.raises(TerraformError, match="QueueLimitExceeded: no more queues"):
        stack.apply()
    assert stack.state().resources == []


def test_a_back_end_is_told_write_only_values(written: Written, real: Cloud, queues: Queues) -> None:
    text = (
        'resource "aws_secretsmanager_secret_version" "v" {\n secret_id = "s"\n'
        ' secret_string_wo = "hidden"\n secret_string_wo_version = 1\n}'
    )
    stack = written(text, served=real)
    stack.apply()
    (there,) = queues.there.values()
    assert there["secret_string_wo"] == "hidden"
    assert "hidden" not in stack.state_text
