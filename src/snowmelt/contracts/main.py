"""The command `snowmelt schema`: lint, diff, publish."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from snowmelt.contracts import terminal
from snowmelt.contracts.checking import Checked, check
from snowmelt.contracts.difference import difference
from snowmelt.contracts.documents import ContractError, Document, find, read
from snowmelt.contracts.publishing import IgluServer, Publication, Result
from snowmelt.iglu.configuration import ResolverConfigError
from snowmelt.iglu.lint import errors, lint
from snowmelt.iglu.registry import FolderRegistry, RegistryFailure, SchemaBody
from snowmelt.iglu.resolver import Resolver, Schema, default_resolver
from snowmelt.protocol.schema_key import SchemaKey

KEY_VARIABLE = "SNOWMELT_IGLU_KEY"
"""The environment variable of the key that may publish: a command line is read by everybody on a machine."""


def main(argv: Sequence[str]) -> int:
    """Runs one of the three and gives its exit code: 0, 1 where schemas are wrong, 2 with the reason when it cannot."""
    options = _parser().parse_args(argv)
    console = Console(soft_wrap=True)
    try:
        match options.verb:
            case "lint":
                return _lint(options, console)
            case "diff":
                return _diff(options, console)
            case _:
                return _publish(options, console, os.environ)
    except (ContractError, RegistryFailure, ResolverConfigError) as error:
        print(f"snowmelt schema {options.verb}: {error}", file=sys.stderr)
        return 2


def _lint(options: argparse.Namespace, console: Console) -> int:
    checked = [check(document) for document in find(options.paths)]
    if options.json:
        _print_json(terminal.checked_data(checked))
    else:
        terminal.show_checked(console, checked, warnings=not options.errors_only)
    return 1 if any(one.errors for one in checked) else 0


def _diff(options: argparse.Namespace, console: Console) -> int:
    if options.iglu_config is not None:
        resolver = Resolver.from_file(options.iglu_config, insists=True)
    elif options.schemas is not None:
        if not options.schemas.is_dir():
            raise ContractError(f"{options.schemas} is not a folder")
        resolver = Resolver([FolderRegistry(str(options.schemas), options.schemas)], insists=True)
    else:
        resolver = default_resolver(insists=True)
    old, new = _version(options.old, resolver), _version(options.new, resolver)
    if (old[0].vendor, old[0].name, old[0].format) != (new[0].vendor, new[0].name, new[0].format):
        raise ContractError(f"{old[0]} and {new[0]} are not two versions of one schema")
    found = difference(old, new)
    if options.json:
        _print_json(terminal.difference_data(found))
    else:
        terminal.show_difference(console, found)
    return 0 if found.is_right else 1


def _version(named: str, resolver: Resolver) -> tuple[SchemaKey, SchemaBody]:
    """The schema of an Iglu URI or a file. Raises ContractError, RegistryFailure."""
    if named.startswith("iglu:"):
        key = SchemaKey.parse(named)
        if key is None:
            raise ContractError(f"{named} is not an Iglu URI, such as iglu:com.acme/page/jsonschema/1-0-0")
        found = resolver.lookup(key)
        if not isinstance(found, Schema):
            places = ", ".join(attempt.repository for attempt in found.history)
            raise ContractError(f"there is no {key} in {places}: name its place with --schemas or --iglu-config")
        body: SchemaBody | None = found.body
    else:
        document = read(Path(named))
        key, body = document.key, document.body
    if key is None or body is None or errors(lint(body)):
        raise ContractError(f"{named} is no schema that could be published: snowmelt schema lint tells why")
    return key, body


def _publish(options: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    server = IgluServer(options.registry, _key(options.key_file, environ))
    checked = [check(document) for document in find(options.paths)]
    wrong = [one for one in checked if one.errors]
    if wrong:
        _refuse(wrong, options, console)
        return 1
    publications: list[Publication] = []
    for key, body in sorted((_named(one.document) for one in checked), key=lambda named: named[0]):
        publications.append(server.publish(key, body, is_public=not options.private))
        if not options.json:
            terminal.show_published(console, publications[-1])
    if options.json:
        _print_json(terminal.published_data(publications))
    else:
        terminal.show_published_sum(console, publications)
    return 1 if any(one.result is Result.REFUSED for one in publications) else 0


def _refuse(wrong: Sequence[Checked], options: argparse.Namespace, console: Console) -> None:
    if options.json:
        _print_json(terminal.checked_data(wrong))
    else:
        terminal.show_checked(console, wrong, warnings=False)
    print("snowmelt schema publish: nothing is published until the errors are mended", file=sys.stderr)


def _named(document: Document) -> tuple[SchemaKey, SchemaBody]:
    key, body = document.key, document.body
    assert key is not None, "a schema without errors names itself"
    assert body is not None
    return key, body


def _key(file: Path | None, environ: Mapping[str, str]) -> str:
    """The key that may publish, from a file or the environment. Raises ContractError without saying what it read."""
    if file is not None:
        try:
            key = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ContractError(f"the key file {file} cannot be read: {reason}") from None
    else:
        key = environ.get(KEY_VARIABLE, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        place = f"the key file {file} holds none" if file is not None else f"{KEY_VARIABLE} holds none"
        raise ContractError(f"it takes a key to publish, and {place}: name its file with --key-file")
    return key


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt schema", description="Check, compare and publish schemas.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    checking = verbs.add_parser("lint", help="say what is wrong with schemas; exit code 1 if anything forbids one")
    comparing = verbs.add_parser("diff", help="say what a new version changes; exit code 1 if its number is too low")
    publishing = verbs.add_parser("publish", help="put schemas into a registry; what is there already stays")
    for verb in (checking, publishing):
        verb.add_argument("paths", metavar="PATH", type=Path, nargs="+", help="a folder of schemas, or a file")
    comparing.add_argument("old", metavar="OLD", help="a file, or an Iglu URI")
    comparing.add_argument("new", metavar="NEW", help="a file, or an Iglu URI")
    checking.add_argument("--errors-only", action="store_true", help="count warnings, but do not show them")
    where = comparing.add_mutually_exclusive_group()
    where.add_argument(
        "--schemas", type=Path, help="folder in which Iglu URIs are looked up; default: what is built in"
    )
    where.add_argument("--iglu-config", type=Path, help="resolver configuration JSON by which they are looked up")
    publishing.add_argument("--registry", metavar="URI", required=True, help="such as http://127.0.0.1:8090/api")
    publishing.add_argument("--private", action="store_true", help="readable only with a key; default: public")
    publishing.add_argument("--key-file", type=Path, help=f"file of the key that may publish; default: ${KEY_VARIABLE}")
    for verb in (checking, comparing, publishing):
        verb.add_argument("--json", action="store_true", help="print the same as JSON")
    return parser
