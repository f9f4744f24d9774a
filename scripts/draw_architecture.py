"""Draws docs/reference/architecture.md from what Terraform would make of infra/terraform/examples/complete.

Needs no cloud: the providers are those of tests/doubles/terraform. A test compares the page with what is there.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.reference import architecture
from tests.doubles.terraform import Cloud, Stack

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "architecture.md"
COMPLETE = ROOT / "infra" / "terraform" / "examples" / "complete"


def main() -> int:
    """Writes the page and gives the exit code."""
    with TemporaryDirectory(prefix="snowmelt-architecture-") as folder, Cloud(Path(folder) / "cloud") as cloud:
        state = Stack(COMPLETE, cloud, Path(folder) / "complete").apply()
    PAGE.write_text(architecture.page(state.resources), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
