"""`make plan ENV=…` tells what is missing before it asks Terraform."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import plan_environment

TFVARS = 'region = "eu-west-1"\n# databricks_host = "https://dbc.example.com"\n'


class Place:
    """Two environments, a Terraform that writes down what it is asked, and a person with credentials."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "environments"
        self.dev = self.folder / "dev"
        self.asked = folder / "asked"
        self.program = folder / "bin" / "terraform"
        self._monkeypatch = monkeypatch
        for name in ("dev", "prod"):
            (self.folder / name).mkdir(parents=True)
            (self.folder / name / "01-backend.tf").write_text("", encoding="utf-8")
        (self.folder / "shared").mkdir()
        (self.dev / "terraform.tfvars").write_text(TFVARS, encoding="utf-8")
        (self.dev / "backend.hcl").write_text("", encoding="utf-8")
        self.install("1.11.4")
        for name in [name for name in os.environ if name.startswith(("AWS_", "DATABRICKS_", "TF_"))]:
            monkeypatch.delenv(name)
        # Airflow, imported by other tests, leaves log handlers whose streams are closed; their complaints go to stderr.
        monkeypatch.setattr(logging, "raiseExceptions", False)
        monkeypatch.setenv("PATH", f"{self.program.parent}:/usr/bin:/bin")
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "something")

    def install(self, version: str, code: int = 0) -> None:
        said = json.dumps({"terraform_version": version})
        self.program.parent.mkdir(exist_ok=True)
        self.program.write_text(
            f"#!/bin/sh\nif [ \"$1\" = version ]; then echo '{said}'; exit; fi\n"
            f'echo "$@" >> "{self.asked}"\nexit {code}\n',
            encoding="utf-8",
        )
        self.program.chmod(0o755)

    def without(self, *names: str) -> None:
        for name in names:
            self._monkeypatch.delenv(name)

    def plan(self, *words: str) -> int:
        return plan_environment.main(list(words), self.folder)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def test_terraform_is_asked_when_everything_is_there(place: Place) -> None:
    assert place.plan("dev") == 0
    assert place.asked.read_text(encoding="utf-8").splitlines() == [
        f"-chdir={place.dev} init -input=false -backend-config=backend.hcl",
        f"-chdir={place.dev} plan -input=false",
    ]


def test_what_terraform_says_is_the_answer(place: Place) -> None:
    place.install("1.12.0", code=3)
    assert place.plan("dev") == 3
    assert len(place.asked.read_text(encoding="utf-8").splitlines()) == 1, "nothing is planned after a failed init"


@pytest.mark.parametrize("words", [["staging"], [], ["shared"], ["dev", "prod"], ["../dev"]])
def test_an_unknown_environment_is_told_the_known_ones(
    words: list[str], place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.plan(*words) == 2
    assert "Known are dev and prod: make plan ENV=dev" in capsys.readouterr().err


def _lacking(place: Place, capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence that it says."""
    assert place.plan("dev") == 1
    assert not place.asked.exists(), "Terraform was asked all the same"
    (sentence,) = capsys.readouterr().err.splitlines()
    return sentence


def test_no_terraform(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    place.program.unlink()
    monkeypatch.setenv("PATH", str(place.program.parent))
    assert _lacking(place, capsys) == "terraform is not on the PATH: install 1.11 or later"


def test_an_old_terraform(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.install("1.9.8")
    assert _lacking(place, capsys) == f"{place.program} is Terraform 1.9: install 1.11 or later"


def test_a_terraform_that_is_none(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.program.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    assert _lacking(place, capsys) == f"{place.program} does not tell its version: install 1.11 or later"


def test_no_inputs(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.dev / "terraform.tfvars").unlink()
    assert f"cp {place.dev}/terraform.tfvars.example {place.dev}/terraform.tfvars" in _lacking(place, capsys)


def test_no_bucket_for_the_state(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.dev / "backend.hcl").unlink()
    assert f"write {place.dev}/backend.hcl with the two lines bucket" in _lacking(place, capsys)


def test_no_credentials(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    assert _lacking(place, capsys).startswith("there are no credentials for AWS: set AWS_PROFILE")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("", "cannot be used: The config profile (mine) could not be found"),
        (
            "[profile mine]\nsso_session = mine\nsso_account_id = 123456789012\nsso_role_name = admin\n"
            "[sso-session mine]\nsso_start_url = https://sso.example.com\nsso_region = eu-west-1\n",
            "log in again, such as with aws sso login",
        ),
    ],
    ids=["no such profile", "not logged in"],
)
def test_a_profile_that_cannot_be_used(
    settings: str,
    sentence: str,
    place: Place,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place.without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    (tmp_path / "aws").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    assert sentence in _lacking(place, capsys)


def test_no_credentials_for_databricks(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.dev / "terraform.tfvars").write_text(TFVARS.replace("# ", ""), encoding="utf-8")
    assert "set DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET" in _lacking(place, capsys)


@pytest.mark.parametrize(
    "names", [["DATABRICKS_TOKEN"], ["DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"], ["DATABRICKS_CONFIG_PROFILE"]]
)
def test_credentials_for_databricks(names: list[str], place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.dev / "terraform.tfvars").write_text(TFVARS.replace("# ", ""), encoding="utf-8")
    for name in names:
        monkeypatch.setenv(name, "x")
    assert place.plan("dev") == 0


def test_everything_that_is_missing_is_told_at_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    (place.dev / "terraform.tfvars").unlink()
    (place.dev / "backend.hcl").unlink()
    assert place.plan("dev") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_the_environments_of_the_repository_are_known() -> None:
    assert plan_environment.environments(plan_environment.ENVIRONMENTS) == ["dev", "prod"]


def test_the_examples_it_names_are_there() -> None:
    for name in plan_environment.environments(plan_environment.ENVIRONMENTS):
        assert (plan_environment.ENVIRONMENTS / name / "terraform.tfvars.example").is_file()


def test_make_runs_it(place: Place) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.plan_environment", "staging"],
        cwd=plan_environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Known are dev and prod" in done.stderr
