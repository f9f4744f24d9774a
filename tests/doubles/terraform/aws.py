"""What the AWS provider knows of a resource before anything exists: tags, region, the domains of a certificate."""

from collections.abc import Mapping
from typing import Any

from tests.doubles.terraform.invention import validation_options
from tests.doubles.terraform.place import Place
from tests.doubles.terraform.schema import Block
from tests.doubles.terraform.values import UNKNOWN, Values, is_unknown


def settle(type_name: str, block: Block, planned: Values, prior: Mapping[str, Any] | None, place: Place) -> None:
    """Fills in what is known at plan already."""
    if "tags_all" in block.attributes and "tags" in block.attributes:
        tags = planned.get("tags")
        planned["tags_all"] = UNKNOWN if is_unknown(tags) else {**place.default_tags, **(tags or {})}
    if is_unknown(planned.get("region")) and place.region:
        planned["region"] = place.region
    if type_name == "aws_acm_certificate" and prior is None:
        names = planned.get("subject_alternative_names")
        if is_unknown(names) and isinstance(planned.get("domain_name"), str):
            names = planned["subject_alternative_names"] = [planned["domain_name"]]
        if not is_unknown(planned.get("domain_name")) and not is_unknown(names):
            planned["domain_validation_options"] = validation_options(planned, None)
