"""The back end: resources of the types that moto has exist in a moto server, and are read from there."""

import threading
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws, Clients
from tests.doubles.terraform.moto.kind import Kind, is_gone
from tests.doubles.terraform.moto.table import KINDS

_EVERYWHERE = frozenset({"region", "timeouts", "id", "arn", "name_prefix", "bucket_prefix", "identifier_prefix"})
"""Known before the service is asked, or not the service's business: names are made from prefixes before."""


class NotUnderstoodError(ValueError):
    """An argument of which the back end does not know what to do with it."""


class Moto:
    """A `Backend` on a moto server. `made` counts, by type, what was really created."""

    def __init__(self, url: str) -> None:
        self.clients = Clients(url)
        self.made: dict[str, int] = {}
        self._lock = threading.RLock()  # moto's services are plain dictionaries, and Terraform asks ten times at once

    def creates(self, type_name: str) -> bool:
        """Whether moto has the type, as far as the table knows."""
        return type_name in KINDS

    def create(self, type_name: str, planned: Values, write_only: Mapping[str, Any]) -> Values:
        """Creates it; an argument that nothing was done with is refused by its name."""
        kind, given = KINDS[type_name], Arguments({**planned, **write_only})
        with self._lock:
            told = kind.create(self._aws(planned), given)
            self._understood(type_name, kind, given.unseen())
            self.made[type_name] = self.made.get(type_name, 0) + 1
        return told

    def update(self, type_name: str, prior: Values, planned: Values, write_only: Mapping[str, Any]) -> Values:
        """Changes it; a change that nothing was done with is refused by its argument's name."""
        kind, given = KINDS[type_name], Arguments({**planned, **write_only}, prior)
        with self._lock:
            told = kind.update(self._aws(planned), given, prior) if kind.update else {}
            self._understood(type_name, kind, given.unseen())
        return told

    def delete(self, type_name: str, prior: Values) -> None:
        """Removes it."""
        with self._lock:
            try:
                KINDS[type_name].delete(self._aws(prior), prior)
            except ClientError as error:
                if not is_gone(error):
                    raise

    def read(self, type_name: str, prior: Values) -> Values | None:
        """What moto says of it."""
        with self._lock:
            try:
                return KINDS[type_name].read(self._aws(prior), prior)
            except ClientError as error:
                if is_gone(error):
                    return None
                raise

    def _aws(self, values: Mapping[str, Any]) -> Aws:
        return self.clients.of(str(values.get("region") or "us-east-1"))  # what has no region is global, as IAM is

    def _understood(self, type_name: str, kind: Kind, unseen: list[str]) -> None:
        strange = [name for name in unseen if name not in kind.ignored and name not in _EVERYWHERE]
        if strange:
            raise NotUnderstoodError(
                f"the moto back end does nothing with {', '.join(strange)} of {type_name}: send it, or say in "
                "tests/doubles/terraform/moto why it is ignored"
            )
