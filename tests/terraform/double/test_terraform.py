"""Finding Terraform: the one that is chosen, the one that is installed, the one that can be fetched."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doubles.terraform import Cloud, MissingToolError, Stack, TerraformError, terraform
from tests.terraform.conftest import Work
from tests.terraform.double.conftest import write


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    terraform.find.cache_clear()
    yield
    terraform.find.cache_clear()


def fake(folder: Path, version: str) -> Path:
    """A program that says it is Terraform of a version."""
    folder.mkdir(exist_ok=True)
    program = folder / "terraform"
    program.write_text(f'#!{sys.executable}\nprint(\'{{"terraform_version": "{version}"}}\')\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_chosen_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake(tmp_path, "1.99.3")
    monkeypatch.setenv("SNOWMELT_TERRAFORM", str(program))
    assert terraform.find() == terraform.Terraform((str(program),), (1, 99, 3))


@pytest.mark.parametrize(
    ("version", "said"), [("1.10.5", "version 1.10.5; the modules need 1.11"), ("", "does not run")]
)
def test_a_chosen_one_that_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, said: str
) -> None:
    program = fake(tmp_path, version) if version else tmp_path / "nothing"
    monkeypatch.setenv("SNOWMELT_TERRAFORM", str(program))
    with pytest.raises(MissingToolError, match=said):
        terraform.find()


def test_an_installed_one_that_is_too_old_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "1.5.0")
    monkeypatch.delenv("SNOWMELT_TERRAFORM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(terraform, "library", lambda: terraform.Terraform(("library",), (1, 15, 5)))
    assert terraform.find().command == ("library",)


def test_the_library_validates_plans_and_applies(
    cloud: Cloud, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = terraform.library()
    assert library.version >= terraform.OLDEST
    monkeypatch.setattr(terraform, "find", lambda: library)
    stack = Stack(write(tmp_path / "one", 'resource "aws_sqs_queue" "q" {\n name = "q"\n}'), cloud, work("library"))
    stack.validate()
    assert stack.plan().changes == {"create": 1}
    assert stack.apply().one("aws_sqs_queue")["arn"] == "arn:aws:sqs:eu-west-1:123456789012:q"
    assert stack.plan().is_clean
    broken = Stack(write(tmp_path / "two", 'resource "aws_sqs_queue" "q" {\n nam = "q"\n}'), cloud, work("library"))
    with pytest.raises(TerraformError, match='"nam" is not expected'):
        broken.validate()


def test_nothing_of_a_persons_account_reaches_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "TF_VAR_region", "DATABRICKS_TOKEN"):
        monkeypatch.setenv(name, "real")
    clean = terraform._clean({"AWS_PROFILE": "x", "TF_LOG": "trace", "DATABRICKS_HOST": "x", "HOME": "/root"})
    assert clean == {"HOME": "/root"}
