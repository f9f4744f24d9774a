"""What may stand behind the double and make resources exist outside of it, such as a moto server."""

from collections.abc import Mapping
from typing import Any, Protocol

Values = dict[str, Any]
"""One resource's arguments and attributes by name. What is not known yet, and what is not set, is None; a name that is
made from a `name_prefix` is there."""


class Backend(Protocol):
    """Makes, changes, reads and removes resources of the types that it says it can.

    A broken rule of the service is any exception: its text becomes Terraform's error.
    """

    def creates(self, type_name: str) -> bool:
        """Whether resources of this type are this back end's; all others exist in the double alone."""
        ...

    def create(self, type_name: str, planned: Values, write_only: Mapping[str, Any]) -> Values:
        """The attributes that only the service can tell (id, arn, url); they win over what the double would invent.

        `write_only` holds the arguments that never reach plan or state, such as `secret_string_wo`.
        """
        ...

    def update(self, type_name: str, prior: Values, planned: Values, write_only: Mapping[str, Any]) -> Values:
        """The attributes that changed with the update; an empty dict where none did."""
        ...

    def delete(self, type_name: str, prior: Values) -> None:
        """Remove it; something that is gone already is no error."""
        ...

    def read(self, type_name: str, prior: Values) -> Values | None:
        """The attributes as the service has them now, merged over `prior`; None when it is gone."""
        ...
