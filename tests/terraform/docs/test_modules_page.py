"""What the page of the modules takes from a module's files."""

from pathlib import Path

import pytest
from scripts.reference import terraform
from tests.terraform.conftest import TERRAFORM

FILES = {
    "versions.tf": "# A bucket, and\n# who reads it.\n#\n# Why it is there.\n\nterraform {\n}\n",
    "variables.tf": """variable "name" {
  description = <<-TEXT
    A name | of
    $${two} <lines>.
  TEXT
  type        = string
  default     = "x|y"

  validation {
    condition     = length(var.name) > 0
    error_message = "name: at least one letter, such as \\"a\\"."
  }
}

variable "sizes" {
  description = "Sizes, or `a * b`."
  type        = map(object({ gib = optional(number, 20) }))
  default     = { small = { gib = 1 } }
}

variable "secret" {
  description = "Kept nowhere."
  type        = string
  ephemeral   = true
}
""",
    "outputs.tf": 'output "arn" {\n  description = "Its ARN."\n  value       = 1\n}\n',
    "bucket.tf": """resource "aws_s3_bucket" "a" {
}

resource "aws_s3_bucket" "b" {
}

module "guard" {
  source = "../guard"
}
""",
}


@pytest.fixture
def module(tmp_path: Path) -> str:
    folder = tmp_path / "bucket"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return terraform.page(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "## bucket\n\nA bucket, and who reads it.\n",
        '| `name` | `string` | `"x\\|y"` | A name \\| of ${two} &lt;lines>. | at least one letter, such as "a". |',
        "| `sizes` | `map(object({gib = optional(number, 20)}))` | `{ small = { gib = 1 } }` | Sizes, or `a * b`. |  |",
        "| `secret` | `string` *(ephemeral)* | required | Kept nowhere. |  |",
        "| `arn` | Its ARN. |",
        "Makes `aws_s3_bucket` (2).",
        "Calls [guard](#guard).",
    ],
)
def test_it_holds(line: str, module: str) -> None:
    assert line in module


def test_a_module_says_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "mute").mkdir()
    (tmp_path / "mute" / "versions.tf").write_text("terraform {\n}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="say in a comment at the top"):
        terraform.page(tmp_path)


def test_every_module_is_on_the_page() -> None:
    modules = TERRAFORM / "modules"
    page = terraform.page(modules)
    assert [folder.name for folder in modules.iterdir() if f"\n## {folder.name}\n" not in page] == []
