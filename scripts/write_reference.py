"""Writes docs/reference from the code: verbs, settings, tables with their columns, modules of Terraform.

``make reference``; a test compares what it would write with what is there. The picture of the architecture is drawn by
``scripts/draw_architecture.py``, which needs Terraform.
"""

import sys
from pathlib import Path

from scripts.reference import commands, settings, tables, terraform

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"


def pages() -> dict[str, str]:
    """File name -> its text."""
    return {
        "commands.md": commands.page(),
        "settings.md": settings.page(),
        "tables.md": tables.page(ROOT / "dbt" / "models"),
        "terraform.md": terraform.page(ROOT / "infra" / "terraform" / "modules"),
    }


def main() -> int:
    """Writes the pages and gives the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
