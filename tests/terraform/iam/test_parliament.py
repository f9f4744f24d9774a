"""Parliament, which knows every action of AWS, on every policy that was applied."""

from collections.abc import Iterator

import pytest
from tests.doubles.terraform import State
from tests.terraform.iam import catalogue

EXCUSED = {
    "aws_kms_key RESOURCE_STAR": "in a key's policy it is the key itself",
    "aws_kms_key MISMATCHED_TYPE": "the encryption context of a log group is its ARN, of which the table knows nothing",
    "aws_kms_key UNKNOWN_CONDITION_FOR_ACTION": "the table knows few of the conditions of KMS",
    "aws_s3_bucket_policy MISMATCHED_TYPE_BUT_USABLE": "the key's ARN is compared as a text, whole",
}
"""Of which type, what parliament says, and why it is left as it is."""


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
    assert [opinion for opinion in said if f"{opinion[1]} {opinion[0]}" not in EXCUSED] == []


def test_every_excuse_is_needed(said):
    assert EXCUSED.keys() - {f"{opinion[1]} {opinion[0]}" for opinion in said} == set()


def test_it_knows_a_bad_policy():
    bad = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessages","Resource":"*"}]}'
    assert [issue for issue, _ in catalogue.opinions(bad)] == ["UNKNOWN_ACTION"]
