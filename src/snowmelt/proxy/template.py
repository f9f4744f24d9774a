"""The form of the configuration's templates: what Terraform's ``templatefile`` reads as well, and no more."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\$\{([a-z][a-z_]*)\}")
_FOREIGN = re.compile(r"%\{|\$\$\{|\$\{(?![a-z][a-z_]*\})")
"""Terraform's directives, its escape, and expressions: it would act on them, we would not."""


class TemplateError(ValueError):
    """A template that cannot be rendered; the message is one sentence."""


def render(name: str, text: str, values: Mapping[str, str | int]) -> str:
    """The text of the template ``name`` with each ``${placeholder}`` replaced; ``$name`` stays a variable of Nginx.

    Raises TemplateError where placeholders and values are not the same set, and for what Terraform reads otherwise.
    """
    if foreign := _FOREIGN.search(text):
        line = text.count("\n", 0, foreign.start()) + 1
        raise TemplateError(f"line {line} of {name} holds {foreign[0]}, which is no placeholder as ${{name}} is")
    wanted = set(_PLACEHOLDER.findall(text))
    if missing := sorted(wanted - values.keys()):
        raise TemplateError(f"{name} has a placeholder without a value: {', '.join(missing)}")
    if unknown := sorted(values.keys() - wanted):
        raise TemplateError(f"{name} has no placeholder for: {', '.join(unknown)}")
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)
