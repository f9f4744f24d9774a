"""Puts a resource's configuration to all rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.doubles.terraform.convert import Problem
from tests.doubles.terraform.rules.arguments import ARGUMENTS
from tests.doubles.terraform.rules.combinations import CHOICES, FACTS, Choice
from tests.doubles.terraform.rules.rule import Rule
from tests.doubles.terraform.schema import Block
from tests.doubles.terraform.values import has_unknown, is_unknown

Config = Mapping[str, Any]

_RULES: dict[str, list[Rule]] = {}
for _rule in ARGUMENTS:
    for _name in _rule.types.split():
        _RULES.setdefault(_name, []).append(_rule)
_CHOICES: dict[str, list[Choice]] = {}
for _choice in CHOICES:
    for _name in _choice.types.split():
        _CHOICES.setdefault(_name, []).append(_choice)


def check(type_name: str, block: Block, config: Config) -> list[Problem]:
    """Everything in a configuration that the provider refuses."""
    return [
        *_read_only(block, config),
        *_versions(block, config),
        *_prefixes(type_name, block, config),
        *(problem for choice in _CHOICES.get(type_name, []) for problem in _choices(choice, config)),
        *_arguments(type_name, config, at_apply=False),
        *_facts(type_name, config),
    ]


def refuse(type_name: str, config: Config) -> list[Problem]:
    """Everything in a configuration that the provider lets through and the service refuses."""
    return list(_arguments(type_name, config, at_apply=True))


def _read_only(block: Block, config: Config) -> Iterator[Problem]:
    for name, attribute in block.attributes.items():
        if config.get(name) is not None and not attribute.settable:
            yield _problem(name, "is decided by the provider and cannot be set", "Value for unconfigurable attribute")


def _versions(block: Block, config: Config) -> Iterator[Problem]:
    """A write-only value is not in the state; only its version tells that it changed."""
    for name, attribute in block.attributes.items():
        version = f"{name}_version"
        if not attribute.write_only or version not in block.attributes:
            continue
        if config.get(name) is not None and config.get(version) is None:
            yield _problem(version, f'must be set beside "{name}"', "Missing required argument")
        if config.get(version) is not None and config.get(name) is None:
            yield _problem(name, f'must be set beside "{version}"', "Missing required argument")


def _prefixes(type_name: str, block: Block, config: Config) -> Iterator[Problem]:
    if {"name", "name_prefix"} <= block.attributes.keys():
        yield from _choices(Choice(type_name, "name name_prefix"), config)


def _choices(choice: Choice, config: Config) -> Iterator[Problem]:
    names = choice.arguments.split()
    maybe = any(_is_open(config.get(name)) for name in names)
    given = [name for name in names if not _is_open(config.get(name)) and config.get(name) not in (None, [])]
    listed = ", ".join(names)
    if len(given) > 1:
        yield _problem(given[0], f"conflicts with {', '.join(given[1:])}: one of {listed}", "Conflicting arguments")
    if choice.exactly and not given and not maybe:
        yield Problem("Missing required argument", f"one of {listed} must be set")


def _is_open(value: Any) -> bool:
    """Whether it is known after apply only if the argument is set, or how often the block stands there."""
    return is_unknown(value) or (isinstance(value, list) and any(is_unknown(element) for element in value))


def _arguments(type_name: str, config: Config, *, at_apply: bool) -> Iterator[Problem]:
    for rule in _RULES.get(type_name, []):
        if rule.at_apply == at_apply:
            yield from _argument(rule, config)


def _argument(rule: Rule, config: Config) -> Iterator[Problem]:
    *outer, name = rule.argument.split(".")
    for value in _values(outer, name, config):
        if value is not None and not has_unknown(value) and (said := rule.check(value)):
            shown = value if len(str(value)) < 200 else f"{str(value)[:200]}…"
            yield Problem(
                f"Invalid {rule.argument}",
                f'"{rule.argument}" ({shown}) {said} ({rule.source})',
                ((outer or [name])[0],),
            )


def _values(outer: list[str], name: str, config: Config) -> Iterator[Any]:
    """The values of an argument, one for each of the nested blocks that it stands in."""
    if not outer:
        yield config.get(name)
        return
    found = config.get(outer[0])
    for block in found if isinstance(found, list) else [found]:
        if isinstance(block, Mapping):
            yield from _values(outer[1:], name, block)


def _facts(type_name: str, config: Config) -> Iterator[Problem]:
    for fact in FACTS.get(type_name, ()):
        if found := fact(config):
            name, said = found
            if not is_unknown(config.get(name)):
                yield _problem(name, said, f"Invalid {name}")


def _problem(name: str, said: str, summary: str) -> Problem:
    return Problem(summary, f'"{name}" {said}', (name,))
