"""Plans an environment of infra/terraform with real credentials: `make plan ENV=dev`.

Before Terraform is asked, it tells what is missing, a sentence for each thing: Terraform's own errors name the symptom.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import boto3
import hcl2
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / "infra" / "terraform" / "environments"
OLDEST = (1, 11)
"""The first Terraform that knows write-only arguments and locks a state in S3 by a file."""


def environments(folder: Path) -> list[str]:
    """The names of those that can be planned: each has a backend."""
    return sorted(file.parent.name for file in folder.glob("*/01-backend.tf"))


def missing(environment: Path, environ: Mapping[str, str], credentials: Callable[[], str | None]) -> Iterator[str]:
    """What has to be there before Terraform can plan, a sentence each."""
    yield from _terraform(environ)
    here = _shown(environment)
    values = environment / "terraform.tfvars"
    if not values.exists():
        yield f"the inputs are missing: cp {here}/terraform.tfvars.example {here}/terraform.tfvars, and fill it in"
    if not (environment / "backend.hcl").exists():
        yield (
            f"the bucket that keeps the state is not named: write {here}/backend.hcl with the two lines "
            'bucket = "<a bucket of yours, versioned and private>" and region = "eu-west-1"'
        )
    if why := credentials():
        yield why
    if values.exists() and _has_databricks(values) and not _knows_databricks(environ):
        yield (
            "Databricks is on (databricks_host in terraform.tfvars) but there are no credentials for it: set "
            "DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or DATABRICKS_TOKEN, or DATABRICKS_CONFIG_PROFILE"
        )


def aws_credentials() -> str | None:
    """What is wrong with the credentials for AWS; None where there are some. What they may do is not asked."""
    # A machine of EC2 is asked as well, elsewhere in vain: once, for a second.
    os.environ.setdefault("AWS_METADATA_SERVICE_TIMEOUT", "1")
    os.environ.setdefault("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1")
    try:
        found = boto3.Session().get_credentials()
        if found is not None:
            found.get_frozen_credentials()
            return None
    except (BotoCoreError, ClientError) as error:
        return f"the credentials for AWS cannot be used: {error}; log in again, such as with aws sso login"
    return (
        "there are no credentials for AWS: set AWS_PROFILE to a profile of yours (aws configure sso), or "
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


def main(arguments: Sequence[str] | None = None, folder: Path = ENVIRONMENTS) -> int:
    """Plans the environment of that name and gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    known = environments(folder)
    if len(given) != 1 or given[0] not in known:
        wrong = f"there is no environment {' '.join(given)!r}." if given else "which environment?"
        print(f"{wrong} Known are {' and '.join(known)}: make plan ENV={known[0]}", file=sys.stderr)
        return 2
    environment = folder / given[0]
    lacking = list(missing(environment, os.environ, aws_credentials))
    for sentence in lacking:
        print(sentence, file=sys.stderr)
    if lacking:
        return 1
    for words in (["init", "-input=false", "-backend-config=backend.hcl"], ["plan", "-input=false"]):
        done = subprocess.run(["terraform", f"-chdir={environment}", *words], check=False)  # noqa: S603, S607
        if done.returncode:
            return done.returncode
    return 0


def _terraform(environ: Mapping[str, str]) -> Iterator[str]:
    needed = f"install {OLDEST[0]}.{OLDEST[1]} or later"
    program = shutil.which("terraform", path=environ.get("PATH"))
    if program is None:
        yield f"terraform is not on the PATH: {needed}"
        return
    done = subprocess.run([program, "version", "-json"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.match(r"(\d+)\.(\d+)", _version(done.stdout))
    if found is None:
        yield f"{program} does not tell its version: {needed}"
    elif (int(found[1]), int(found[2])) < OLDEST:
        yield f"{program} is Terraform {found[0]}: {needed}"


def _version(said: str) -> str:
    try:
        return str(json.loads(said)["terraform_version"])
    except (ValueError, KeyError, TypeError):
        return ""


def _has_databricks(values: Path) -> bool:
    host = hcl2.loads(values.read_text(encoding="utf-8")).get("databricks_host")
    return bool(host) and host != "null"


def _knows_databricks(environ: Mapping[str, str]) -> bool:
    alone = ("DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE", "DATABRICKS_AUTH_TYPE")
    pair = ("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET")
    file = Path(environ.get("DATABRICKS_CONFIG_FILE") or Path.home() / ".databrickscfg")
    return any(environ.get(name) for name in alone) or all(environ.get(name) for name in pair) or file.is_file()


def _shown(folder: Path) -> str:
    return str(folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder)


if __name__ == "__main__":
    sys.exit(main())
