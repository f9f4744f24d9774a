"""Makes, changes, reads and removes resources: in a back end where one has the type, else in the double alone."""

from collections.abc import Mapping
from typing import Any

from tests.doubles.terraform.backend import Backend
from tests.doubles.terraform.invention import Invention
from tests.doubles.terraform.place import Place
from tests.doubles.terraform.replacement import differs
from tests.doubles.terraform.schema import Attribute, Block
from tests.doubles.terraform.values import Values, is_unknown, resolved, without_unknown
from tests.doubles.terraform.vault import Vault

_NAMES = ("name", "bucket", "identifier")


class Lifecycle:
    """What happens to the resources of one cloud."""

    def __init__(self, backend: Backend | None, vault: Vault) -> None:
        self.vault = vault
        self._backend = backend
        self._invention = Invention()

    def is_real(self, type_name: str) -> bool:
        """Whether resources of this type exist in a back end."""
        return self._backend is not None and self._backend.creates(type_name)

    def read(self, type_name: str, state: Values) -> Values | None:
        """The resource as it is now, None when it is gone."""
        if self._backend is None or not self._backend.creates(type_name):
            return state
        found = self._backend.read(type_name, state)
        return None if found is None else state | {name: value for name, value in found.items() if name in state}

    def apply(
        self,
        type_name: str,
        block: Block,
        prior: Values | None,
        planned: Values | None,
        write_only: Mapping[str, Any],
        place: Place,
    ) -> Values | None:
        """The resource after the change. Whatever the back end raises goes through."""
        if planned is None:
            if prior is not None and self._backend is not None and self.is_real(type_name):
                self._backend.delete(type_name, prior)
            return None
        invented = self._invented(type_name, block, prior, planned, place)
        told: Values = {}
        if self._backend is not None and self.is_real(type_name):
            wished = without_unknown(planned) | {
                name: invented[name] for name in _NAMES if is_unknown(planned.get(name)) and invented.get(name)
            }
            if prior is None:
                told = self._backend.create(type_name, wished, write_only)
            else:
                told = self._backend.update(type_name, prior, wished, write_only)
        state = invented | {name: value for name, value in told.items() if name in block.attributes}
        if prior is None or _rewrites(prior, state, write_only):
            self.vault.write(type_name, write_only, state)
        return state

    def _invented(self, type_name: str, block: Block, prior: Values | None, planned: Values, place: Place) -> Values:
        find = self._invention.of(type_name, planned, place)

        def found(name: str, attribute: Attribute, around: Values) -> Any:
            if prior and name == "latest_version" and around is planned:
                return int(prior[name]) + 1
            return find(name, attribute, around)

        return resolved(block, planned, found)


def _rewrites(prior: Values, state: Values, write_only: Mapping[str, Any]) -> bool:
    """Whether a change writes the secret anew: it does when the version beside it changes."""
    versions = [f"{name}_version" for name in write_only if f"{name}_version" in state]
    return any(differs(prior.get(name), state[name]) for name in versions)
