"""The data sources that can be answered without a cloud. Any other is refused: an invented answer proves nothing."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.terraform.documents import policy_document
from tests.doubles.terraform.place import Place

Values = dict[str, Any]
Source = Callable[[Mapping[str, Any], Place], Values]

IMAGE = "ami-0123456789abcdef0"
"""The machine image behind every public parameter of Amazon Linux."""

_UNITY_CATALOG = "arn:{partition}:iam::414351767826:role/unity-catalog-prod-UCMasterRole-14S5ZJVKOTYTL"


class SourceError(ValueError):
    """A data source that the double cannot answer."""


def answer(type_name: str, config: Mapping[str, Any], place: Place) -> Values:
    """The attributes of a data source. Raises SourceError or DocumentError."""
    source = _SOURCES.get(type_name)
    if source is None:
        raise SourceError(
            f"the double has no cloud to ask for {type_name}: pass the value as a variable, or answer it in "
            "tests/doubles/terraform/sources.py where it can be computed without one"
        )
    return source(config, place)


def _identity(_: Mapping[str, Any], place: Place) -> Values:
    arn = f"arn:{place.partition}:iam::{place.account}:user/terraform"
    return {"account_id": place.account, "arn": arn, "user_id": "AIDACKCEVSQ6C2EXAMPLE", "id": place.account}


def _region(config: Mapping[str, Any], place: Place) -> Values:
    region = config.get("region") or place.region
    endpoint = f"ec2.{region}.{place.dns_suffix}"
    return {"region": region, "name": region, "id": region, "description": region, "endpoint": endpoint}


def _partition(_: Mapping[str, Any], place: Place) -> Values:
    reverse = ".".join(reversed(place.dns_suffix.split(".")))
    return {
        "partition": place.partition,
        "id": place.partition,
        "dns_suffix": place.dns_suffix,
        "reverse_dns_prefix": reverse,
    }


def _zones(config: Mapping[str, Any], place: Place) -> Values:
    excluded = set(config.get("exclude_names") or [])
    names = [name for letter in "abc" if (name := place.region + letter) not in excluded]
    short = re.sub(r"(\w\w)-(\w)\w+-(\d)", r"\1\2\3", place.region)
    ids = [f"{short}-az{'abc'.index(name[-1]) + 1}" for name in names]
    return {"names": names, "zone_ids": ids, "id": place.region, "group_names": [f"{place.region}-zg-1"]}


def _parameter(config: Mapping[str, Any], place: Place) -> Values:
    name = config["name"]
    if not re.fullmatch(r"/aws/service/(ami-amazon-linux-latest|canonical|debian)/[\w./-]+", name):
        raise SourceError(
            f"the double knows no SSM parameter {name}; it answers the public ones of machine images only"
        )
    arn = f"arn:{place.partition}:ssm:{place.region}::parameter{name}"
    return {"value": IMAGE, "insecure_value": IMAGE, "type": "String", "version": 1, "arn": arn, "id": name}


def _image(config: Mapping[str, Any], place: Place) -> Values:
    """Any image that is looked for by owner: the double cannot tell whether the filters fit one."""
    if not config.get("owners"):
        raise SourceError("aws_ami without owners takes an image of anybody: name the owners")
    arn = f"arn:{place.partition}:ec2:{place.region}::image/{IMAGE}"
    return {"id": IMAGE, "image_id": IMAGE, "arn": arn, "root_device_name": "/dev/xvda", "state": "available"}


def _default_tags(_: Mapping[str, Any], place: Place) -> Values:
    return {"tags": dict(place.default_tags), "id": place.partition}


def _service_principal(config: Mapping[str, Any], place: Place) -> Values:
    name = f"{config['service_name']}.amazonaws.com"
    return {"name": name, "id": name, "suffix": "amazonaws.com"}


def _catalog_policy(config: Mapping[str, Any], place: Place) -> Values:
    """What the role of a storage credential may do, as the Databricks provider writes it."""
    partition, account = config.get("aws_partition") or "aws", config["aws_account_id"]
    bucket = f"arn:{partition}:s3:::{config['bucket_name']}"
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation"]
    role = f"arn:{partition}:iam::{account}:role/{config['role_name']}"
    statements: list[Values] = [
        {"Effect": "Allow", "Action": actions, "Resource": [f"{bucket}/*", bucket]},
        {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": [role]},
    ]
    if key := config.get("kms_name"):
        arn = key if key.startswith("arn:") else f"arn:{partition}:kms:{key}"
        actions = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"]
        statements.append({"Effect": "Allow", "Action": actions, "Resource": [arn]})
    return {"json": _policy(statements), "id": f"{config['bucket_name']}-{config['role_name']}"}


def _catalog_trust(config: Mapping[str, Any], place: Place) -> Values:
    """Who may take the role of a storage credential: Unity Catalog's own role and the role itself."""
    partition = config.get("aws_partition") or "aws"
    master = config.get("unity_catalog_iam_arn") or _UNITY_CATALOG.format(partition=partition)
    root = f"arn:{partition}:iam::{config['aws_account_id']}:root"
    own = f"arn:{partition}:iam::{config['aws_account_id']}:role/{config['role_name']}"
    external = {"StringEquals": {"sts:ExternalId": config["external_id"]}}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    statements: list[Values] = [
        {"Sid": "UnityCatalogAssumeRole", **trust, "Principal": {"AWS": master}, "Condition": external},
        {
            "Sid": "ExplicitSelfRoleAssumption",
            **trust,
            "Principal": {"AWS": root},
            "Condition": {"ArnLike": {"aws:PrincipalArn": own}, **external},
        },
    ]
    return {"json": _policy(statements), "id": f"{config['role_name']}", "unity_catalog_iam_arn": master}


def _policy(statements: list[Values]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


_SOURCES: Mapping[str, Source] = {
    "aws_ami": _image,
    "aws_availability_zones": _zones,
    "aws_caller_identity": _identity,
    "aws_default_tags": _default_tags,
    "aws_iam_policy_document": lambda config, place: policy_document(config),
    "aws_partition": _partition,
    "aws_region": _region,
    "aws_service_principal": _service_principal,
    "aws_ssm_parameter": _parameter,
    "databricks_aws_unity_catalog_assume_role_policy": _catalog_trust,
    "databricks_aws_unity_catalog_policy": _catalog_policy,
}
