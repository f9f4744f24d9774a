"""Turns the dashboard notebook into one page that opens with no network: the notebook runs, its outputs are laid out.

The source is a py:percent script in git. Each second-level heading of the notebook opens a section of the page, and
code is left out. Charts are taken as Plotly's own JSON, so the page holds plotly.js once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snowmelt.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

FOLDER = Path(__file__).parents[1] / "include" / "notebooks"
FIGURE = "application/vnd.plotly.v1+json"


class NotebookError(RuntimeError):
    """A notebook that stopped on a cell; the message is the cell's own error."""


@dataclass(slots=True)
class Section:
    """What stands under one heading: blocks of HTML, and charts as JSON to be drawn by plotly.js."""

    heading: str
    blocks: list[tuple[str, str]] = field(default_factory=list)


def refresh() -> str:
    """Renders the dashboard of this installation from the published copy and gives the page's path."""
    workspace = Workspace.from_environment()
    if not workspace.published.is_file():
        raise NotebookError(f"nothing is published at {workspace.published} yet: run build_models first")
    page = workspace.reports / "dashboard.html"
    render(FOLDER / "dashboard.py", page, {"backend": "duckdb", "database": str(workspace.published)})
    return str(page)


def render(notebook: Path, page: Path, parameters: Mapping[str, Any]) -> None:
    """Runs the notebook with these parameters and writes the page, whole or not at all.

    Raises NotebookError with the message of the cell that failed; the page that was there then stays.
    """
    sections = lay_out(run(notebook, parameters))
    page.parent.mkdir(parents=True, exist_ok=True)
    written = page.with_name(f".{page.name}.{os.getpid()}")
    written.write_text(to_html(sections), encoding="utf-8")
    written.replace(page)


def run(notebook: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """The executed notebook. Its kernel keeps its own files in a temporary folder, not in the home folder."""
    import tempfile

    import jupytext
    import papermill

    with tempfile.TemporaryDirectory(prefix="dashboard-") as name:
        folder = Path(name)
        jupytext.write(jupytext.read(notebook), folder / "source.ipynb")
        with _environment(
            PLOTLY_RENDERER="plotly_mimetype",
            IPYTHONDIR=str(folder / "ipython"),
            JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
            JUPYTER_DATA_DIR=str(folder / "data"),
            JUPYTER_CONFIG_DIR=str(folder / "config"),
        ):
            try:
                executed: NotebookNode = papermill.execute_notebook(
                    str(folder / "source.ipynb"),
                    str(folder / "executed.ipynb"),
                    parameters=dict(parameters),
                    kernel_name="python3",
                    progress_bar=False,
                    log_output=False,
                )
            except papermill.PapermillExecutionError as error:
                raise NotebookError(f"{notebook.name}: {error.ename}: {error.evalue}") from error
    return executed


def lay_out(notebook: NotebookNode) -> list[Section]:
    """The notebook's sections in order. The first, before any heading, is the top of the page."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    to_html = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render
    sections = [Section("")]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = cell.source.strip()
            if text.startswith("## "):
                heading, _, text = text.removeprefix("## ").partition("\n")
                sections.append(Section(heading.strip()))
            if text:
                sections[-1].blocks.append(("text", to_html(text)))
        elif cell.cell_type == "code":
            sections[-1].blocks.extend(_blocks(cell.outputs))
    return [section for section in sections if section.blocks]


def to_html(sections: Sequence[Section]) -> str:
    """One page with its styles and plotly.js in it."""
    from jinja2 import Environment, FileSystemLoader
    from plotly.offline import get_plotlyjs

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, keep_trailing_newline=True)
    return environment.get_template("dashboard.html.j2").render(sections=sections, plotlyjs=get_plotlyjs())


def _blocks(outputs: Sequence[NotebookNode]) -> list[tuple[str, str]]:
    """A cell's charts and HTML; what it prints is for its author. A chart asks for the whole width in its ``meta``."""
    blocks = []
    for output in outputs:
        data = output.get("data", {})
        if FIGURE in data:
            wide = data[FIGURE]["layout"].get("meta", {}).get("wide")
            blocks.append(("wide figure" if wide else "figure", json.dumps(data[FIGURE]).replace("</", "<\\/")))
        elif "text/html" in data:
            blocks.append(("html", data["text/html"]))
    return blocks


@contextmanager
def _environment(**changes: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
