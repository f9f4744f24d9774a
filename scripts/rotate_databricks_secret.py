"""Makes the pipeline's principal in Databricks a new OAuth secret and puts it where Airflow looks for it.

The secret goes from Databricks to Secrets Manager and nowhere else: neither Terraform's state nor the terminal sees it.
Terraform prints the command whole, as the output `rotate_secret_command`. Credentials are those of the environment, for
both: an admin of the workspace, and who may put a value into the secret.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors.base import DatabricksError
from databricks.sdk.service.oauth2 import CreateServicePrincipalSecretResponse, SecretInfo

LIFETIME_DAYS = 90
"""Databricks' own is two years."""


class RotationError(RuntimeError):
    """Nothing was changed that Airflow would notice; the message says what to do."""


class OauthSecrets(Protocol):
    """A principal's secrets, of which Databricks takes five. Their text is told once, when one is made."""

    def create(
        self, service_principal_id: str, *, lifetime: str | None = None
    ) -> CreateServicePrincipalSecretResponse: ...

    def delete(self, service_principal_id: str, secret_id: str) -> None: ...

    def list(self, service_principal_id: str) -> Iterator[SecretInfo]: ...


class Store(Protocol):
    """Where a text is kept by its name."""

    def describe_secret(self, *, SecretId: str) -> object: ...  # noqa: N803

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> object: ...  # noqa: N803


@dataclass(frozen=True, slots=True)
class Connection:
    """What Airflow needs to know beside the secret."""

    host: str
    http_path: str
    catalog: str
    application: str

    def text(self, secret: str) -> str:
        """The connection as Airflow's secrets backend reads it."""
        return json.dumps(
            {
                "conn_type": "databricks",
                "host": self.host,
                "login": self.application,
                "password": secret,
                "extra": {"service_principal_oauth": True, "http_path": self.http_path, "catalog": self.catalog},
            }
        )


def rotate(secrets: OauthSecrets, store: Store, principal: str, name: str, connection: Connection) -> str:
    """Makes a secret and stores it; gives its id.

    The newest of those before stays until the next time, for tasks that hold it; older ones are deleted. What could not
    be stored is deleted again, so that no secret is left that nobody knows.
    """
    try:
        store.describe_secret(SecretId=name)
    except (BotoCoreError, ClientError) as error:
        raise RotationError(f"the secret {name} cannot be reached in Secrets Manager: {error}") from error
    try:
        before = sorted(secrets.list(principal), key=lambda secret: secret.create_time or "")
        for old in before[:-1]:
            secrets.delete(principal, old.id or "")
        made = secrets.create(principal, lifetime=f"{LIFETIME_DAYS * 86_400}s")
    except DatabricksError as error:
        raise RotationError(f"Databricks gives no secret for principal {principal}: {error}") from error
    if not made.id or not made.secret:
        raise RotationError(f"Databricks gave no secret for principal {principal}, and no reason")
    try:
        store.put_secret_value(SecretId=name, SecretString=connection.text(made.secret))
    except (BotoCoreError, ClientError) as error:
        secrets.delete(principal, made.id)
        raise RotationError(f"the new secret could not be stored as {name}, and was deleted again: {error}") from error
    return made.id


def main(arguments: Sequence[str] | None = None) -> int:
    """Rotates as the arguments say, and gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--principal", required=True, help="id of the service principal")
    parser.add_argument("--application", required=True, help="its application id, the OAuth client id")
    parser.add_argument("--host", required=True, help="host name of the workspace")
    parser.add_argument("--http-path", required=True, help="HTTP path of the warehouse")
    parser.add_argument("--catalog", required=True, help="catalog of the events")
    parser.add_argument("--secret", required=True, help="name of the secret in Secrets Manager")
    parser.add_argument("--region", required=True, help="region of Secrets Manager")
    given = parser.parse_args(arguments)
    address = given.host if "://" in given.host else f"https://{given.host}"
    try:
        made = rotate(
            WorkspaceClient(host=address).service_principal_secrets_proxy,
            boto3.client("secretsmanager", region_name=given.region),
            given.principal,
            given.secret,
            Connection(given.host, given.http_path, given.catalog, given.application),
        )
    except (RotationError, ValueError) as error:  # ValueError: the SDK found no credentials
        print(error, file=sys.stderr)
        return 1
    print(f"{given.secret} holds secret {made} of principal {given.principal}, valid for {LIFETIME_DAYS} days")
    print("the one before it stays valid until the next rotation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
