"""Data sources: computed where no cloud is needed, else refused."""

import json

import pytest
from tests.doubles.terraform import TerraformError
from tests.doubles.terraform.place import Place
from tests.doubles.terraform.sources import SourceError, answer
from tests.terraform.double.conftest import Written

PLACE = Place("eu-west-1")


def test_facts_of_account_and_region(written: Written) -> None:
    state = written("""
        data "aws_caller_identity" "c" {
        }
        data "aws_partition" "c" {
        }
        data "aws_region" "c" {
        }
        data "aws_availability_zones" "c" {
          state = "available"
        }
        data "aws_ssm_parameter" "c" {
          name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
        }
    """).apply()
    found = {resource.type: resource for resource in state.resources}
    assert found["aws_caller_identity"]["account_id"] == "123456789012"
    assert found["aws_partition"]["partition"] == "aws"
    assert found["aws_region"]["region"] == "eu-west-1"
    assert found["aws_availability_zones"]["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert found["aws_ssm_parameter"]["value"].startswith("ami-")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('data "aws_vpc" "v" {\n default = true\n}', "no cloud to ask for aws_vpc"),
        ('data "aws_ssm_parameter" "p" {\n name = "/own/parameter"\n}', "knows no SSM parameter /own/parameter"),
        ('data "aws_ami" "a" {\n most_recent = true\n}', "name the owners"),
    ],
)
def test_what_only_a_cloud_knows_is_refused(written: Written, text: str, said: str) -> None:
    with pytest.raises(TerraformError) as refusal:
        written(text).plan()
    assert said in refusal.value.flat


def test_other_partitions() -> None:
    china = answer("aws_partition", {}, Place("cn-north-1"))
    assert (china["partition"], china["reverse_dns_prefix"]) == ("aws-cn", "cn.com.amazonaws")
    assert answer("aws_partition", {}, Place("us-gov-west-1"))["partition"] == "aws-us-gov"


def test_policies_of_unity_catalog() -> None:
    given = {"aws_account_id": "1", "bucket_name": "lake", "role_name": "uc", "kms_name": "eu-west-1:1:key/k"}
    policy = json.loads(answer("databricks_aws_unity_catalog_policy", given, PLACE)["json"])
    assert [statement["Resource"] for statement in policy["Statement"]] == [
        ["arn:aws:s3:::lake/*", "arn:aws:s3:::lake"],
        ["arn:aws:iam::1:role/uc"],
        ["arn:aws:kms:eu-west-1:1:key/k"],
    ]
    given = {"aws_account_id": "1", "role_name": "uc", "external_id": "e"}
    trust = json.loads(answer("databricks_aws_unity_catalog_assume_role_policy", given, PLACE)["json"])
    assert all(s["Condition"]["StringEquals"] == {"sts:ExternalId": "e"} for s in trust["Statement"])


def test_a_type_that_nobody_answers() -> None:
    with pytest.raises(SourceError, match="pass the value as a variable"):
        answer("aws_subnets", {}, PLACE)
