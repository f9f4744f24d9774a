"""Small configurations for the double itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doubles.terraform import Cloud, Stack
from tests.terraform.conftest import Work

Written = Callable[..., Stack]

HEAD = """terraform {
  required_providers {
    aws        = { source = "hashicorp/aws" }
    databricks = { source = "databricks/databricks" }
    random     = { source = "hashicorp/random" }
  }
}
"""
PROVIDER = """provider "aws" {
  region = "eu-west-1"
}
"""


def write(folder: Path, text: str, provider: str = PROVIDER) -> Path:
    """A folder of configuration with this text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(f"{HEAD}{provider}\n{text}", encoding="utf-8")
    return folder


@pytest.fixture
def written(cloud: Cloud, work: Work, tmp_path: Path) -> Written:
    """Makes a stack of a configuration in HCL."""

    def make(text: str, provider: str = PROVIDER, served: Cloud | None = None) -> Stack:
        return Stack(write(tmp_path / "written", text, provider), served or cloud, work("stack"))

    return make
