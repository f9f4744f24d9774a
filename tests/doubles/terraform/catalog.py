"""The schemas of the providers, each type read when a configuration asks for it."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.doubles.terraform import bindings, wheels
from tests.doubles.terraform.additions import EPHEMERALS, SENSITIVE, SENSITIVE_OF
from tests.doubles.terraform.schema import Block, Schemas, parse_block

SOURCES = {
    "aws": "registry.terraform.io/hashicorp/aws",
    "databricks": "registry.terraform.io/databricks/databricks",
    "random": "registry.terraform.io/hashicorp/random",
    "tls": "registry.terraform.io/hashicorp/tls",
}
"""Terraform's address of each provider by its short name, which is also what its types begin with."""

_KINDS = {"TerraformResource": "resource", "TerraformDataSource": "data", "TerraformProvider": "provider"}
_DECLARED = re.compile(r'^\s*(resource|data|ephemeral)\s+"?(\w+)"?\s+"?[\w-]+"?\s*\{', re.M)


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """One type that a configuration declares: resource, data or ephemeral, and its name."""

    kind: str
    name: str


def declared(folder: Path) -> frozenset[Wanted]:
    """The types that the configurations in a folder and below it declare."""
    files = [*folder.rglob("*.tf"), *folder.rglob("*.tftest.hcl")]
    return frozenset(Wanted(*found) for file in files for found in _DECLARED.findall(file.read_text(encoding="utf-8")))


class Catalog:
    """Every type of every provider, in one archive that is made at first use from the bindings."""

    def __init__(self) -> None:
        self._read: dict[str, Block | None] = {}

    def schemas(self, provider: str, wanted: Iterable[Wanted]) -> Schemas:
        """What a provider offers, cut down to the wanted types, since Terraform reads all that it is given.

        A type that the provider does not have is left out, so that Terraform itself refuses it.
        """
        found: dict[str, dict[str, Block]] = {"resource": {}, "data": {}, "ephemeral": {}}
        for want in sorted(set(wanted)):
            if want.name.partition("_")[0] == provider and (block := self.block(want)):
                found[want.kind][want.name] = block
        configuration = self._block(f"provider/{provider}")
        assert configuration, f"the bindings of {provider} do not describe its configuration"
        return Schemas(configuration, found["resource"], found["data"], found["ephemeral"])

    def block(self, wanted: Wanted) -> Block | None:
        """The schema of one type, None where no provider has it."""
        if wanted.kind == "ephemeral":
            return EPHEMERALS.get(wanted.name)
        return self._block(f"{wanted.kind}/{wanted.name}")

    def _block(self, path: str) -> Block | None:
        if path not in self._read:
            self._read[path] = self._parse(path)
        return self._read[path]

    def _parse(self, path: str) -> Block | None:
        try:
            text = self._archive.read(path)
        except KeyError:
            return None
        name = path.partition("/")[2]
        return parse_block(json.loads(text)).with_sensitive(SENSITIVE | SENSITIVE_OF.get(name, frozenset()))

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        source = wheels.HERE / "bindings.txt", wheels.HERE / "bindings.py"
        digest = hashlib.sha256(b"".join(file.read_bytes() for file in source)).hexdigest()[:12]
        return zipfile.ZipFile(wheels.once(wheels.cache() / f"schemas-{digest}", _extract) / "schemas.zip")


def _extract(folder: Path) -> None:
    with zipfile.ZipFile(folder / "schemas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for wheel in wheels.fetch(wheels.HERE / "bindings.txt"):
            for module in bindings.modules(wheel):
                for base, name, block in module.types():
                    archive.writestr(f"{_KINDS[base]}/{name}", json.dumps(block, separators=(",", ":")))
