"""No secret in what anybody may read: user data, plan, state."""

import re
from collections.abc import Iterable, Mapping

from tests.doubles.terraform.state import State
from tests.doubles.terraform.vault import Secret
from tests.terraform.state.world import some, user_data, written_files

_LEAST = 8
_KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bdapi[0-9a-f]{32}\b")
_ASSIGNED = re.compile(
    r"(?im)^[\"' ]*(?!AIRFLOW__SECRETS__BACKEND)"  # the name of a class, and what it is told
    r"([A-Z0-9_]*(?:PASSWORD|SECRET|API_KEY|TOKEN|FERNET_KEY)[A-Z0-9_]*)[\"']?\s*[=:]\s*(\S+)"
)
_NAMES_ONLY = re.compile(r"arn:[a-z-]+:secretsmanager:|/run/|\$")


def told(texts: Mapping[str, str], secrets: Iterable[Secret]) -> list[str]:
    """Where one of the secrets, or of what looks like one, stands in a text."""
    known = [secret for secret in secrets if len(secret.value) >= _LEAST]
    found = [] if known else ["no secret was written: nothing was looked for"]
    for name, text in texts.items():
        found += [
            f"{name} holds the {secret.attribute} of {secret.type} {secret.id}"
            for secret in known
            if secret.value in text
        ]
        found += [f"{name} holds a key: {match.group()[:12]}…" for match in _KEYS.finditer(text)]
    return found


def in_user_data(state: State, secrets: Iterable[Secret] = ()) -> list[str]:
    """Secrets in what machines are started with, known ones and whatever is assigned to the name of one."""
    found = list(some(state, "aws_launch_template"))
    for template in state.of("aws_launch_template"):
        text = user_data(template)
        if not text.startswith("#cloud-config\n"):
            found.append(f"{template.address}: its user data is no cloud-config")
        for secret in secrets:
            if len(secret.value) >= _LEAST and secret.value in text:
                found.append(f"{template.address}: holds the {secret.attribute} of {secret.type}")
        found += [f"{template.address}: holds a key: {match.group()[:12]}…" for match in _KEYS.finditer(text)]
        for path, content in written_files(template).items():
            if not path.endswith(".sh"):
                found += [
                    f"{template.address}: {path} says what {name} is"
                    for name, value in _ASSIGNED.findall(content)
                    if not _NAMES_ONLY.match(value.strip("\"'"))
                ]
    return found
