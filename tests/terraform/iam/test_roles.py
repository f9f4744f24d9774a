"""The table of permissions is read as it is meant, and a role that may more, or less, is noticed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.terraform import Resource, State
from tests.terraform.iam import access, catalogue, roles
from tests.terraform.iam.table import Row, Table, TableError, read
from tests.terraform.state.altered import GONE, Change, altered, saying, text

INLINE, ROLE = "aws_iam_role_policy", "aws_iam_role"
COLLECTOR, ENRICH = "module.collector.aws_iam_role_policy.stage", "module.enrich.aws_iam_role_policy.stage"
AIRFLOW = "module.airflow.module.service.aws_iam_role_policy.stage"
STRANGER = "arn:aws:iam::999999999999:role/any"


def unconditioned(resource: Resource) -> Mapping[str, Any]:
    """Every statement without its conditions."""
    policy = json.loads(resource["policy"])
    return {"policy": json.dumps({"Statement": [{**each, "Condition": {}} for each in policy["Statement"]]})}


CASES: list[tuple[str, str, Change, str]] = [
    (INLINE, COLLECTOR, text("policy", "kinesis:PutRecords", "kinesis:Put*"), "is a wildcard"),
    (
        INLINE,
        COLLECTOR,
        text("policy", "kinesis:PutRecords", "kinesis:Put*"),
        "kinesis:PutResourcePolicy on stream:raw",
    ),
    (INLINE, COLLECTOR, GONE, "kinesis:PutRecord on stream:raw is not allowed"),
    (INLINE, COLLECTOR, text("policy", "stream/snowmelt-all-raw", "stream/*"), "kinesis:PutRecord on stream:enriched"),
    (INLINE, COLLECTOR, text("policy", "snowmelt-all-raw", "snowmelt-all-row"), "on stream:raw is not allowed"),
    (INLINE, COLLECTOR, text("policy", "kinesis.eu", "sqs.eu"), "kms:GenerateDataKey on key is not allowed"),
    (INLINE, COLLECTOR, unconditioned, "kms:GenerateDataKey is allowed and not in the table"),
    (INLINE, COLLECTOR, unconditioned, "ViaService=s3."),
    (INLINE, COLLECTOR, unconditioned, "cloudwatch:PutMetricData is allowed in any namespace"),
    (INLINE, ENRICH, text("policy", "s3:GetObject", "s3:DeleteObject"), "s3:DeleteObject on bucket:lake/run=2026"),
    (INLINE, ENRICH, text("policy", "s3:GetObject", "s3:DeleteObject"), "s3:GetObject on bucket:lake/run=2026"),
    (INLINE, AIRFLOW, text("policy", "snowmelt-all/airflow/connections/*", "*"), "GetSecretValue on secret:iglu-db"),
    (INLINE, COLLECTOR, text("policy", '"Resource"', '"NotResource"'), "allows what none wrote down"),
    (ROLE, "module.iglu.", {"name": "snowmelt-all-other"}, "role other is not in the table"),
]


@pytest.fixture(scope="module")
def table(root: Path) -> Table:
    return read(root / "docs" / "reference" / "permissions.md")


@pytest.mark.parametrize(("kind", "part", "change", "expected"), CASES)
def test_roles_are_held_to_the_table(kind: str, part: str, change: Change, expected: str, complete, table) -> None:
    found = roles.findings(altered(complete, kind, part, change), table)
    assert any(expected in finding for finding in found), found


TRUST: list[tuple[Change, str]] = [
    (text("assume_role_policy", "ec2.amazonaws.com", "lambda.amazonaws.com"), "EC2 should be allowed"),
    (text("assume_role_policy", "ec2.amazonaws.com", "lambda.amazonaws.com"), "taken on by lambda.amazonaws.com"),
    (saying("assume_role_policy", Effect="Allow", Action="sts:*", Principal="*"), "can be taken on by anybody"),
    (
        saying("assume_role_policy", Effect="Allow", Action="sts:AssumeRole", Principal={"AWS": "999999999999"}),
        f"can be taken on by {STRANGER}",
    ),
]


@pytest.mark.parametrize(("change", "expected"), TRUST)
def test_nobody_else_takes_on_a_role(change: Change, expected: str, complete: State, table: Table) -> None:
    found = roles.trust_findings(altered(complete, ROLE, "module.collector.", change), table)
    assert any(expected in finding for finding in found), found


def test_every_role_of_the_table_is_there(complete: State, table: Table) -> None:
    assert table.roles.keys() == access.roles(complete).keys()
    assert table.stages < table.roles.keys()


def test_every_row_names_something(complete: State, table: Table) -> None:
    """But for the copy of Prometheus' samples, for which nobody asks here."""
    shorts = [thing.short for thing in access.things(complete)]
    rows = [row for role in table.roles for row in table.rows(role)]
    unmet = {name for row in rows for name in row.resources if not any(Row((), (name,)).names(s) for s in shorts)}
    assert unmet == {"workspace:*"}


def test_the_table_excuses_every_star_and_no_more(table: Table) -> None:
    rows = [row for role in table.roles for row in table.rows(role) if "*" in row.resources]
    starred = {action for row in rows for action in row.actions}
    assert starred == table.without_resource


def test_every_action_of_the_table_is_one_of_aws(table: Table) -> None:
    known = set(catalogue.actions())
    assert {action for role in table.roles for row in table.rows(role) for action in row.actions} - known == set()


PAGE = """# Permissions

## Every stage

a and b.

| action | resource | condition | why |
|---|---|---|---|
| `logs:PutLogEvents` | `log-group:<stage>` | | lines |

## a

| action | resource | condition | why |
|---|---|---|---|
| `kms:Decrypt`, `kms:GenerateDataKey` | `key` | via kinesis for stream:raw, stream:bad | |

## b

Nothing but that.

## c

| action | resource | condition | why |
|---|---|---|---|
| `cloudwatch:PutMetricData` | `*` | namespace | |

## Actions without a resource

| action | why `*` |
|---|---|
| `cloudwatch:PutMetricData` | so |
"""


def test_a_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    found = read(tmp_path / "page.md")
    assert found.rows("a") == (
        Row(("logs:PutLogEvents",), ("log-group:a",)),
        Row(("kms:Decrypt", "kms:GenerateDataKey"), ("key",), "kinesis", ("stream:raw", "stream:bad")),
    )
    assert found.rows("b") == (Row(("logs:PutLogEvents",), ("log-group:b",)),)
    assert found.rows("c") == (Row(("cloudwatch:PutMetricData",), ("*",), own_namespace=True),)
    assert (found.stages, found.without_resource) == ({"a", "b"}, {"cloudwatch:PutMetricData"})


@pytest.mark.parametrize(("before", "after"), [("| namespace |", "| on Sundays |"), ("| lines |", "|")])
def test_a_row_that_says_something_else_is_refused(before: str, after: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE.replace(before, after), encoding="utf-8")
    with pytest.raises(TableError):
        read(tmp_path / "page.md")
