"""Parliament, which knows every action of AWS, on every policy that was applied."""

from collections.abc import Iterator

import pytest
from tests.doubles.terraform import State
from tests.terraform.iam import catalogue

EXCUSED = {
    ("RESOURCE_STAR", "aws_kms_key"): "in a key's policy it is the key itself",
    (
        "RESOURCE_STAR",
        "aws_vpc_endpoint",
    ): "an endpoint's policy bounds who goes through; what they may is in their roles",
    (
        "MISMATCHED_TYPE",
        "aws_kms_key",
    ): "the encryption context of a log group is its ARN, of which the table knows nothing",
    ("UNKNOWN_CONDITION_FOR_ACTION", "aws_kms_key"): "the table knows few of the conditions of KMS",
    ("MISMATCHED_TYPE_BUT_USABLE", "aws_s3_bucket_policy"): "the key's ARN is compared as a text, whole",
}
"""What parliament says, of which type, and why it is left as it is."""


def policies(state: State) -> Iterator[tuple[str, str, str]]:
    """Type, address and text of every policy in the state but trust policies, which parliament does not understand."""
    for resource in state.resources:
        text = resource.values.get("policy")
        if resource.mode == "managed" and isinstance(text, str) and text.startswith("{"):
            yield resource.type, resource.address, text


@pytest.fixture
def said(complete: State) -> list[tuple[str, str, str, str]]:
    """Opinion, type, address and detail."""
    found = list(policies(complete))
    assert len(found) > 20, "few policies were looked at"
    return [(issue, kind, name, told) for kind, name, text in found for issue, told in catalogue.opinions(text)]


def test_it_says_nothing_that_is_not_excused(said):
    assert [opinion for opinion in said if opinion[:2] not in EXCUSED] == []


def test_every_excuse_is_needed(said):
    assert EXCUSED.keys() - {opinion[:2] for opinion in said} == set()


def test_it_knows_a_bad_policy():
    bad = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessages","Resource":"*"}]}'
    assert [issue for issue, _ in catalogue.opinions(bad)] == ["UNKNOWN_ACTION"]
