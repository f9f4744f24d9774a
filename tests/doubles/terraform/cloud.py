"""The cloud that is not there: providers with the real schemas that Terraform can plan and apply against."""

import json
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.doubles.terraform.backend import Backend
from tests.doubles.terraform.catalog import SOURCES, Catalog, Wanted, declared
from tests.doubles.terraform.lifecycle import Lifecycle
from tests.doubles.terraform.provider import Provider
from tests.doubles.terraform.server import Server
from tests.doubles.terraform.states import States
from tests.doubles.terraform.vault import Secret, Vault

_CATALOG = Catalog()
"""Read once in a process: schemas do not change."""


class Cloud:
    """Serves the double from entering to leaving; `environment` is what Terraform must be run with.

    A back end makes the resources of its types for real. What was written into write-only arguments is in `secrets`.
    """

    def __init__(self, work: Path, backend: Backend | None = None) -> None:
        self._settings = work / "terraform.rc"
        self._vault = Vault()
        lifecycle = Lifecycle(backend, self._vault)
        self._wanted: set[Wanted] = set()
        self._providers = {
            source: Provider(name, _CATALOG.schemas(name, ()), lifecycle) for name, source in SOURCES.items()
        }
        self._server = Server(self._providers)
        self._states = States()
        self._reattach: dict[str, object] = {}

    def __enter__(self) -> Self:
        self._settings.parent.mkdir(parents=True, exist_ok=True)
        self._settings.write_text("disable_checkpoint = true\n", encoding="utf-8")
        self._states.start()
        self._reattach = self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._states.stop()
        self._reattach = {}

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which Terraform finds the double, and asks nobody else."""
        assert self._reattach, "the cloud serves inside of its with statement only"
        return {
            "TF_REATTACH_PROVIDERS": json.dumps(self._reattach),
            "TF_CLI_CONFIG_FILE": str(self._settings),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
        }

    def state_address(self, file: Path) -> str:
        """The address of a backend that keeps a stack's state in a file."""
        return self._states.address(file)

    @property
    def secrets(self) -> list[Secret]:
        """Every value of a write-only argument that was applied, in order."""
        return list(self._vault.written)

    def put_secret(self, secret_id: str, value: str) -> None:
        """Gives a secret a version as a person would, so that an ephemeral resource can open it."""
        self._vault.put(secret_id, value)

    def offer(self, folder: Path) -> None:
        """Serves, from now on, also the types that the configurations in a folder declare.

        A provider has thousands of types and Terraform reads all that it is offered, so only these are.
        """
        wanted = declared(folder) - self._wanted
        if wanted:
            self._wanted |= wanted
            for provider in self._providers.values():
                provider.offer(_CATALOG.schemas(provider.name, self._wanted))
