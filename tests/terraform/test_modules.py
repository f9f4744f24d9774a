"""Every module and every example on the disk: formatted, valid, tested, small, described."""

import re
from pathlib import Path

import hcl2
import pytest
from tests.doubles import terraform
from tests.doubles.terraform import Cloud, Stack
from tests.doubles.terraform.terraform import find
from tests.terraform.conftest import TERRAFORM, Work

LONGEST = 150

FILES = sorted(TERRAFORM.rglob("*.tf")) + sorted(TERRAFORM.rglob("*.tftest.hcl"))
SHARED = TERRAFORM / "environments" / "shared"
"""Files that each environment links to; no configuration of their own."""
ROOTS = sorted({file.parent for file in FILES if file.suffix == ".tf"} - {SHARED})
MODULES = [folder for folder in ROOTS if folder.parent.name == "modules"]
TESTED = sorted({file.parent.parent for file in FILES if file.name.endswith(".tftest.hcl")})


def _name(path: Path) -> str:
    return str(path.relative_to(TERRAFORM))


def test_there_is_something_to_check() -> None:
    assert MODULES, f"no module below {TERRAFORM}"
    assert [module.name for module in MODULES if module not in TESTED] == [], "modules without tests/*.tftest.hcl"
    examples = {root.parent.parent for root in ROOTS if root.parent.name == "examples"}
    examples.add(TERRAFORM / "modules" / "platform")  # its examples are those of the whole
    assert [module.name for module in MODULES if module not in examples] == [], "modules without examples/"


def test_everything_is_formatted(cloud: Cloud) -> None:
    done = find().attempt(TERRAFORM, ["fmt", "-check", "-recursive", "-diff"], cloud.environment)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ROOTS, ids=_name)
def test_is_valid(folder: Path, cloud: Cloud, work: Work) -> None:
    Stack(folder, cloud, work("valid")).validate()


@pytest.mark.parametrize("folder", TESTED, ids=_name)
def test_its_own_tests_pass(folder: Path, cloud: Cloud, work: Work) -> None:
    runs = terraform.test(folder, cloud, work("test"))
    failed = [f"{run.file} {run.name}: {run.status}\n{run.said}" for run in runs if run.status != "pass"]
    assert not failed, "\n".join(failed)


def test_files_are_short() -> None:
    long = {_name(file): count for file in FILES if (count := len(file.read_text("utf-8").splitlines())) > LONGEST}
    assert long == {}


@pytest.mark.parametrize("folder", ROOTS, ids=_name)
def test_variables_and_outputs_are_described_and_typed(folder: Path) -> None:
    bare = []
    for file in sorted(folder.glob("*.tf")):
        document = hcl2.loads(file.read_text(encoding="utf-8"))
        for kind in ("variable", "output"):
            for block in document.get(kind, []):
                ((name, body),) = block.items()
                needed = ("description", "type") if kind == "variable" else ("description",)
                bare += [f"{file.name}: {kind} {name} has no {word}" for word in needed if not body.get(word)]
    assert bare == []


def test_versions_are_bounded() -> None:
    for module in MODULES:
        text = (module / "versions.tf").read_text(encoding="utf-8")
        assert 'required_version = ">= 1.11, < 2.0"' in text, module.name
        for bound in re.findall(r'^\s+version\s*=\s*"(.*)"', text, re.M):
            assert re.fullmatch(r">= \d+\.\d+, < \d+\.\d+", bound), f"{module.name}: {bound}"


def test_nothing_of_terraform_lies_in_the_tree() -> None:
    left = [_name(p) for p in TERRAFORM.rglob("*") if p.name == ".terraform" or p.suffix == ".tfstate"]
    assert left == []
