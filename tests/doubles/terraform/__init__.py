"""Terraform without a cloud: a double of its providers, and a harness to plan and apply against it. See README.md."""

from tests.doubles.terraform.backend import Backend
from tests.doubles.terraform.cloud import Cloud
from tests.doubles.terraform.runs import Run, test
from tests.doubles.terraform.stack import Stack
from tests.doubles.terraform.state import Change, Plan, Resource, State
from tests.doubles.terraform.terraform import TerraformError
from tests.doubles.terraform.vault import Secret
from tests.doubles.terraform.wheels import MissingToolError

__all__ = [
    "Backend",
    "Change",
    "Cloud",
    "MissingToolError",
    "Plan",
    "Resource",
    "Run",
    "Secret",
    "Stack",
    "State",
    "TerraformError",
    "test",
]
