"""Policy documents: given and expected files, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.terraform.documents import DocumentError, policy_document
from tests.terraform.double.conftest import Written

CASES = sorted((Path(__file__).parent / "documents").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_comes_out_as_expected(case: Path, golden: Any) -> None:
    given = json.loads((case / "given.json").read_text(encoding="utf-8"))
    made = policy_document(given)
    assert json.loads(made["json"]) == json.loads(made["minified_json"])
    golden(case / "expected.json", json.loads(made["json"]))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"statement": [{"sid": "A", "actions": ["x:*"]}] * 2}, 'duplicate Sid "A"'),
        ({"source_policy_documents": ['{"Statement": [{"Sid": "A"}]}'] * 2}, 'duplicate Sid "A"'),
        ({"source_policy_documents": ["no json"]}, r"source_policy_documents\[0\] is no policy"),
        ({"statement": [{"sid": "A", "actions": ["x:*"], "effect": "Maybe"}]}, "Allow or Deny"),
        ({"statement": [{"sid": "A", "resources": ["*"]}]}, "name its actions"),
        ({"statement": [{"actions": ["x:*"], "not_actions": ["x:*"]}]}, "exclude each other"),
    ],
)
def test_a_bad_document_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        policy_document(given)


def test_terraform_gets_the_document(written: Written) -> None:
    state = written("""
        data "aws_iam_policy_document" "this" {
          statement {
            sid       = "Write"
            actions   = ["sqs:SendMessage", "kms:Decrypt"]
            resources = ["*"]
            condition {
              test     = "StringEquals"
              variable = "aws:SourceAccount"
              values   = ["123456789012"]
            }
          }
        }
        output "document" {
          value = jsondecode(data.aws_iam_policy_document.this.json)
        }
    """).apply()
    assert state.outputs["document"]["Statement"] == [
        {
            "Sid": "Write",
            "Effect": "Allow",
            "Action": ["sqs:SendMessage", "kms:Decrypt"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]
