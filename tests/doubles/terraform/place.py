"""Which account and region a configuration works in, as its provider block says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.terraform.values import is_unknown

ACCOUNT = "123456789012"
"""The account that every provider configuration reaches; AWS uses it in its own examples."""

REGION = re.compile(r"(us-gov|us|eu|ap|sa|ca|me|af|il|cn|mx)-[a-z]+-\d")
_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


class PlaceError(ValueError):
    """A provider configuration with which nothing can be reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """Account, region, partition, and the tags that everything gets."""

    region: str = ""
    account: str = ACCOUNT
    default_tags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        """The `aws` of an ARN, which differs in China and for the government of the USA."""
        return self._partition[0]

    @property
    def dns_suffix(self) -> str:
        """What the names of the services end in."""
        return self._partition[1]

    def arn(self, service: str, rest: str) -> str:
        """An ARN of this account in this region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    @property
    def _partition(self) -> tuple[str, str]:
        group = REGION.fullmatch(self.region)
        return _PARTITIONS.get(group[1] if group else "", ("aws", "amazonaws.com"))


def aws_place(config: Mapping[str, Any]) -> Place:
    """The place that an `aws` provider block names. Raises PlaceError where the region is missing or no region."""
    region = config.get("region")
    if not region or is_unknown(region):
        raise PlaceError(
            'the provider block of aws needs a region, for example `region = "eu-west-1"`; '
            "the double reads neither the environment nor ~/.aws"
        )
    if not REGION.fullmatch(region):
        raise PlaceError(f'"{region}" is not an AWS region; one is "eu-west-1"')
    tags: dict[str, Any] = {}
    for block in config.get("default_tags") or []:
        tags |= block.get("tags") or {}
    allowed = config.get("allowed_account_ids")
    if allowed and ACCOUNT not in allowed:
        raise PlaceError(f"the account {ACCOUNT} is not in allowed_account_ids ({', '.join(sorted(allowed))})")
    return Place(region, default_tags=tags)
