"""The page of the Terraform modules: what each is for, takes, refuses and gives, from its own files."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2

INTRODUCTION = """# Terraform modules

What each folder of [infra/terraform/modules](../../infra/terraform/modules) is for. Written from the modules: variables
with what they refuse, outputs, and the kinds of resources that are made. `platform` calls all the others; an
[environment](../../infra/terraform/environments/README.md) calls `platform`. How it all hangs together is in
[a picture](architecture.md), and what each role may do in [permissions](permissions.md).
"""

BAR = "\\|"
"""Ends no cell of a table."""

Block = Mapping[str, Any]


def page(modules: Path) -> str:
    """The page as Markdown."""
    folders = sorted(
        {file.parent for file in modules.glob("*/*.tf")}, key=lambda folder: (folder.name != "platform", folder)
    )
    lines = [INTRODUCTION]
    for folder in folders:
        lines += _module(folder)
    return "\n".join(lines).rstrip() + "\n"


def _module(folder: Path) -> Iterator[str]:
    documents = [
        hcl2.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.tf"), key=lambda file: file.stem)
    ]
    yield from (f"## {folder.name}", "", _purpose(folder / "versions.tf"), "")
    variables = [named for document in documents for named in _named(document.get("variable", []))]
    if variables:
        yield from ("| variable | type | default | meaning | must be |", "|---|---|---|---|---|")
        yield from (_variable(name, body) for name, body in variables)
        yield ""
    outputs = [named for document in documents for named in _named(document.get("output", []))]
    if outputs:
        yield from ("| output | meaning |", "|---|---|")
        yield from (f"| `{name}` | {_prose(_text(body['description'])).replace('|', BAR)} |" for name, body in outputs)
        yield ""
    yield from _made(documents)


def _made(documents: list[dict[str, Any]]) -> Iterator[str]:
    """The kinds of resources, and the modules that are called."""
    kinds = Counter(
        _bare(kind)
        for document in documents
        for word in ("resource", "ephemeral")
        for block in document.get(word, [])
        for kind in block
    )
    if kinds:
        shown = (f"`{kind}`" + (f" ({count})" if count > 1 else "") for kind, count in sorted(kinds.items()))
        yield from (f"Makes {', '.join(shown)}.", "")
    called = {
        _text(body["source"]).removeprefix("../")
        for document in documents
        for _, body in _named(document.get("module", []))
    }
    if called:
        yield from (f"Calls {', '.join(f'[{name}](#{name})' for name in sorted(called))}.", "")


def _purpose(file: Path) -> str:
    """The comment at the head of a file, up to its first empty line."""
    found = re.match(r"(?:# .*\n)+", file.read_text(encoding="utf-8"))
    assert found, f"{file}: say in a comment at the top what the module is for"
    return " ".join(line.removeprefix("# ") for line in found[0].splitlines())


def _variable(name: str, body: Block) -> str:
    kind, default = str(body["type"]), body.get("default", ...)
    kind = kind.removeprefix("${").removesuffix("}") if kind.startswith("${") else kind
    marks = " *(ephemeral)*" if body.get("ephemeral") else ""
    refused = (_text(rule["error_message"]).removeprefix(f"{name}: ") for rule in body.get("validation", []))
    cells = (
        f"`{name}`",
        f"`{kind}`{marks}",
        "required" if default is ... else f"`{_value(default)}`",
        _prose(_text(body["description"])),
        "<br>".join(map(_prose, refused)),
    )
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _value(default: object) -> str:
    """A default as it is written."""
    if isinstance(default, Mapping):
        inner = ", ".join(
            f"{_bare(str(key))} = {_value(value)}" for key, value in default.items() if key != "__is_block__"
        )
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(default, list):
        return f"[{', '.join(map(_value, default))}]"
    return default if isinstance(default, str) else json.dumps(default)


def _named(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, Block]]:
    for block in blocks:
        for name, body in block.items():
            yield _bare(name), body


def _bare(word: str) -> str:
    return word.strip('"')


def _text(literal: str) -> str:
    """What a string of HCL says: a quoted one, or a heredoc in one line."""
    if heredoc := re.fullmatch(r'"?<<-?(\w+)\n(.*?)\s*\1\s*"?', literal, re.DOTALL):
        text = heredoc[2]
    else:
        text = json.loads(literal) if literal.startswith('"') else literal
    return " ".join(text.replace("$${", "${").replace("%%{", "%{").split())


def _prose(text: str) -> str:
    """A text whose signs Markdown leaves alone, but for what stands between backticks."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*\[\]])", r"\\\1", part).replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)
