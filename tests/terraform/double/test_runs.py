"""`terraform test` through the double."""

from pathlib import Path

import pytest
from tests.doubles import terraform
from tests.doubles.terraform import Cloud, TerraformError
from tests.terraform.conftest import Work
from tests.terraform.double.conftest import write

QUEUE = 'variable "name" {\n type = string\n}\nresource "aws_sqs_queue" "q" {\n name = var.name\n}\n'
TESTS = """
mock_provider "aws" {
  override_during = plan
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:123456789012:mocked" }
  }
}
run "mocked" {
  command = plan
  variables {
    name = "q"
  }
  assert {
    condition     = endswith(aws_sqs_queue.q.arn, ":mocked")
    error_message = "known at plan"
  }
}
run "wrong" {
  command = plan
  variables {
    name = "q"
  }
  assert {
    condition     = aws_sqs_queue.q.name == "other"
    error_message = "the name is not other"
  }
}
"""


def test_results_of_each_run(cloud: Cloud, work: Work, tmp_path: Path) -> None:
    folder = write(tmp_path / "module", QUEUE, provider="")
    (folder / "tests").mkdir()
    (folder / "tests" / "names.tftest.hcl").write_text(TESTS, encoding="utf-8")
    good, bad = terraform.test(folder, cloud, work("runs"))
    assert (good.file, good.name, good.status) == ("tests/names.tftest.hcl", "mocked", "pass")
    assert (bad.name, bad.status) == ("wrong", "fail")
    assert "the name is not other" in bad.said


def test_a_folder_without_tests_is_refused(cloud: Cloud, work: Work, tmp_path: Path) -> None:
    with pytest.raises(TerraformError):
        terraform.test(write(tmp_path / "module", QUEUE), cloud, work("runs"))
