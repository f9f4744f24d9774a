"""The page of the tables: what the warehouse holds, from the atomic event's definition and the models' own files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from snowmelt.protocol.atomic import COLUMNS, WAREHOUSE_COLUMNS

INTRODUCTION = """# Tables

What the warehouse holds. Written from the code.

- `atomic` is what the loader writes: events, bad rows, the manifest of loads.
- `derived` is what dbt makes of it; people read the tables there.
"""

ATOMIC_EVENTS = """An event a row, as it arrived; copies are counted out in the models. Beside these columns stand
`load_tstamp`, which is one for each run folder, and a column for each schema model, such as
`contexts_com_snowplowanalytics_snowplow_web_page_1`, an array, and `unstruct_event_com_patrickcloud_sample_input_1`."""

BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)


def page(models: Path) -> str:
    """The page as Markdown."""
    blocks = _blocks(models / "docs" / "columns.md")
    lines = [INTRODUCTION, *_atomic_events()]
    for file in sorted(models.rglob("*.yml"), key=_order):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for source in content.get("sources", ()):
            for table in source["tables"]:
                if table.get("columns") and table["name"] != "events":
                    lines += _table(f"{source['name']}.{table['name']}", table, blocks)
        for model in content.get("models", ()):
            lines += _table(f"derived.{model['name']}", model, blocks)
    return "\n".join(lines).rstrip() + "\n"


def _order(file: Path) -> tuple[int, str]:
    layers = ("sources", "marts", "staging", "intermediate")
    return layers.index(file.parent.name) if file.parent.name in layers else len(layers), file.name


def _atomic_events() -> Iterator[str]:
    yield from ("## atomic.events", "", ATOMIC_EVENTS, "")
    yield from ("| column | type | from |", "|---|---|---|")
    kept = set(WAREHOUSE_COLUMNS)
    for column in COLUMNS:
        if column in kept or column.name in kept:
            length = f", up to {column.max_length}" if column.max_length else ""
            yield f"| `{column.name}` | {column.kind}{length} | {column.source} |"
    yield ""


def _table(name: str, table: Mapping[str, Any], blocks: Mapping[str, str]) -> Iterator[str]:
    yield from (
        f"## {name}",
        "",
        _told(table.get("description", ""), blocks),
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    )
    for column in table.get("columns", ()):
        yield f"| `{column['name']}` | {column.get('data_type', '')} | {_told(column.get('description', ''), blocks)} |"
    yield ""


def _blocks(file: Path) -> dict[str, str]:
    text = file.read_text(encoding="utf-8")
    return {
        name: " ".join(said.split()) for name, said in re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", text, re.S)
    }


def _told(description: str, blocks: Mapping[str, str]) -> str:
    """A description with its doc blocks in place."""
    whole = re.sub(r"""{{ doc\(['"](\w+)['"]\) }}""", lambda found: blocks[found[1]], description)
    return " ".join(whole.split()).replace("|", "\\|")
