"""The page of the command line: each verb's parser, asked for what it takes."""

import argparse
from collections.abc import Iterator
from importlib import import_module
from unittest.mock import patch

from snowmelt.cli import VERBS

INTRODUCTION = """# Commands

`snowmelt VERB …`, in the environment: `. .venv/bin/activate`. Written from the code.
"""

MOST_CHOICES = 5


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Commands",
        "",
        "`snowmelt VERB …`, in the environment: `. .venv/bin/activate`. Written from the code.",
        "",
    ]
    for verb in VERBS:
        lines += _verb(f"snowmelt {verb}", parser_of(verb), 2)
    return "\n".join(lines).rstrip() + "\n"


def parser_of(verb: str) -> argparse.ArgumentParser:
    """The parser a verb builds when it is asked for help."""
    asked: list[argparse.ArgumentParser] = []
    module, function, _ = VERBS[verb]

    def note(parser: argparse.ArgumentParser) -> None:
        asked.append(parser)

    with patch.object(argparse.ArgumentParser, "print_help", note):
        try:
            getattr(import_module(module), function)(["--help"])
        except SystemExit:
            return asked[0]
    raise AssertionError(f"snowmelt {verb} --help does not end there")


def _verb(title: str, parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield from (f"{'#' * level} {title}", "", parser.description or "", "")
    flags = [action for action in parser._actions if not isinstance(action, _Silent)]
    subparsers = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if flags:
        yield from ("| argument | meaning |", "|---|---|")
        yield from (f"| {_name(action)} | {_meaning(action)} |" for action in flags)
        yield ""
    for choices in subparsers:
        told = {choice.dest: choice.help for choice in choices._choices_actions}
        for name, below in choices.choices.items():
            below.description = below.description or _sentence(told.get(name) or "")
            yield from _verb(f"{title} {name}", below, level + 1)


_Silent = (argparse._HelpAction, argparse._SubParsersAction)


def _name(action: argparse.Action) -> str:
    value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    if action.choices is not None and len(list(action.choices)) <= MOST_CHOICES:
        value = "\\|".join(map(str, action.choices))
    takes = f" {value}" if action.option_strings and action.nargs != 0 else ""
    return ", ".join(f"`{flag}{takes}`" for flag in action.option_strings) or f"`{value}`"


def _meaning(action: argparse.Action) -> str:
    told = _sentence(" ".join((action.help or "").split()) % {"default": action.default}).replace("|", "\\|")
    plain = action.default in (None, False, argparse.SUPPRESS) or "default" in told
    return told if plain else f"{told} Default: `{action.default}`.".strip()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith(".") else ".")
