"""What was written into write-only arguments: it reaches neither plan nor state, so nothing else remembers it."""

import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.doubles.terraform.place import Place
from tests.doubles.terraform.schema import Block


class VaultError(LookupError):
    """A secret that cannot be opened."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One value of a write-only argument, with the id of the resource that it was written to."""

    type: str
    attribute: str
    id: str
    value: str


class Vault:
    """The secrets of one cloud."""

    def __init__(self) -> None:
        self.written: list[Secret] = []
        self._versions: dict[str, str] = {}
        self._lock = threading.Lock()

    def write(self, type_name: str, write_only: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Remembers the write-only values of a resource that was just made or changed."""
        with self._lock:
            for name, value in write_only.items():
                self.written.append(Secret(type_name, name, str(values.get("id")), str(value)))
            if type_name == "aws_secretsmanager_secret_version":
                text = write_only.get("secret_string_wo") or values.get("secret_string")
                if text is not None:
                    self._versions[str(values["secret_id"])] = str(text)

    def put(self, secret_id: str, value: str) -> None:
        """Gives a secret a version from outside of Terraform, as a person does by hand."""
        with self._lock:
            self._versions[secret_id] = value

    def read(self, secret_id: str) -> str:
        """The current version of a secret, by its ARN or its name. Raises VaultError where it has none."""
        with self._lock:
            for known, value in self._versions.items():
                if secret_id == known or known.rpartition(":secret:")[2].rpartition("-")[0] == secret_id:
                    return value
        raise VaultError(f"the secret {secret_id} has no version: nothing wrote one in this run of the double")


def write_only(block: Block, config: Mapping[str, Any] | None) -> dict[str, Any]:
    """The write-only arguments that a configuration sets, those of nested blocks by a dotted name."""
    found = {
        name: config[name]
        for name, attribute in block.attributes.items()
        if attribute.write_only and config and config.get(name) is not None
    }
    for name, nested in block.blocks.items():
        inner = (config or {}).get(name)
        for element in inner if isinstance(inner, list) else [inner] if isinstance(inner, Mapping) else []:
            found |= {f"{name}.{part}": value for part, value in write_only(nested.block, element).items()}
    return found


def opened(type_name: str, config: Mapping[str, Any], place: Place, vault: Vault) -> dict[str, Any]:
    """The attributes of an ephemeral resource at this moment. Raises VaultError."""
    if type_name == "random_password":
        return {**_DEFAULTS, "result": password(config), "bcrypt_hash": "$2a$10$" + secrets.token_hex(26)}
    secret_id = str(config["secret_id"])
    return {
        "secret_string": vault.read(secret_id),
        "arn": secret_id if secret_id.startswith("arn:") else place.arn("secretsmanager", f"secret:{secret_id}"),
        "created_date": "2026-01-01T00:00:00Z",
        "region": place.region,
        "version_id": "current",
        "version_stage": "AWSCURRENT",
        "version_stages": ["AWSCURRENT"],
    }


_DEFAULTS = {
    "lower": True,
    "upper": True,
    "numeric": True,
    "special": True,
    "min_lower": 0,
    "min_upper": 0,
    "min_numeric": 0,
    "min_special": 0,
}


def password(config: Mapping[str, Any]) -> str:
    """A password of the wished length and characters, anew each time. Raises VaultError where nothing is left."""
    kinds = {
        "lower": string.ascii_lowercase,
        "upper": string.ascii_uppercase,
        "numeric": string.digits,
        "special": config.get("override_special") or "!@#$%&*()-_=+[]{}<>:?",
    }
    wanted = {kind: letters for kind, letters in kinds.items() if config.get(kind) is not False}
    length = int(config["length"])
    must = [secrets.choice(kinds[kind]) for kind in kinds for _ in range(int(config.get(f"min_{kind}") or 0))]
    if not wanted or len(must) > length:
        raise VaultError("random_password: no characters are left to choose from, or length is below the sum of min_*")
    letters = must + [secrets.choice("".join(wanted.values())) for _ in range(length - len(must))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
