"""The picture of the architecture is what an apply makes: drawn anew it is the same, and it follows what changes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from scripts.reference import architecture
from scripts.reference.topology import Edge, Topology
from tests.doubles.terraform import State
from tests.terraform.conftest import TERRAFORM

PAGE = TERRAFORM.parents[1] / "docs" / "reference" / "architecture.md"
MOST_NODES = 40
"""What a person can take in."""


@dataclass(frozen=True)
class Thing:
    type: str
    values: Mapping[str, Any]


@pytest.fixture(scope="module")
def things(complete: State) -> list[Thing]:
    return [Thing(found.type, dict(found.values)) for found in complete.resources if found.mode == "managed"]


def changed(things: list[Thing], kind: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> list[Thing]:
    """The same with each resource of a kind changed, or left out where the change gives none."""
    made = [(thing, change(dict(thing.values)) if thing.type == kind else thing.values) for thing in things]
    return [replace(thing, values=values) for thing, values in made if values is not None]


def edges(things: list[Thing]) -> set[Edge]:
    return set(Topology(things).edges)


def test_the_page_is_what_an_apply_makes(complete: State) -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert kept == architecture.page(complete.resources), "run .venv/bin/python -m scripts.draw_architecture"


def test_a_person_can_take_it_in(things: list[Thing]) -> None:
    assert 20 < len(Topology(things).nodes) <= MOST_NODES


def test_every_arrow_joins_two_things_that_are_drawn() -> None:
    picture = _picture()
    drawn = set(re.findall(r"^ +(?:subgraph )?(\w+)[\[(]", picture, re.MULTILINE))
    arrows = re.findall(r'^ +(\w+) <?-->(?:\|"[^"|]+"\|)? (\w+)$', picture, re.MULTILINE)
    assert arrows
    assert {end for arrow in arrows for end in arrow} <= drawn
    assert len({*arrows}) == len(arrows), "an arrow is drawn twice"


def test_the_picture_says_nothing_that_mermaid_takes_for_its_own() -> None:
    lines = _picture().splitlines()
    assert lines[0] == "flowchart LR"
    grammar = re.compile(
        r' +(subgraph \w+\["[^"]+"\]|end|\w+(\["[^"]+"\]|\[\("[^"]+"\)\]|\(\["[^"]+"\]\))|\w+ <?-->(\|"[^"|]+"\|)? \w+)'
    )
    assert [line for line in lines[1:] if not grammar.fullmatch(line)] == []


def test_the_internet_reaches_the_load_balancer_alone(things: list[Thing]) -> None:
    assert {edge.target for edge in edges(things) if edge.source == "internet"} == {"edge"}


def test_an_open_door_is_drawn(things: list[Thing]) -> None:
    def opened(rule: dict[str, Any]) -> dict[str, Any]:
        return rule | ({"cidr_ipv4": "0.0.0.0/0"} if rule["from_port"] == 8125 else {})

    assert Edge("internet", "stage_collector", "8125") in edges(
        changed(things, "aws_vpc_security_group_ingress_rule", opened)
    )


def test_a_closed_door_is_not_drawn(things: list[Thing]) -> None:
    def closed(rule: dict[str, Any]) -> dict[str, Any] | None:
        return None if rule["from_port"] == 5432 else rule

    before, after = edges(things), edges(changed(things, "aws_vpc_security_group_ingress_rule", closed))
    assert {edge.target for edge in before - after} == {"database_airflow", "database_iglu"}


def test_a_right_is_drawn(things: list[Thing]) -> None:
    streams = {
        thing.values["name"].rpartition("-")[2]: thing.values["arn"]
        for thing in things
        if thing.type == "aws_kinesis_stream"
    }

    def allowed(policy: dict[str, Any]) -> dict[str, Any]:
        document = json.loads(policy["policy"])
        document["Statement"].append({"Effect": "Allow", "Action": "kinesis:PutRecords", "Resource": streams["raw"]})
        return policy | {"policy": json.dumps(document)}

    new = edges(changed(things, "aws_iam_role_policy", allowed)) - edges(things)
    assert {(edge.source, edge.target) for edge in new} >= {
        ("stage_enrich", "stream_raw"),
        ("stage_iglu", "stream_raw"),
    }


def test_an_alarm_without_an_action_loses_its_arrow(things: list[Thing]) -> None:
    silent = changed(things, "aws_cloudwatch_metric_alarm", lambda alarm: alarm | {"alarm_actions": []})
    assert {edge.source for edge in edges(things) - edges(silent)} == {"alarms"}


def test_a_stage_in_a_public_subnet_leaves_its_frame(things: list[Thing]) -> None:
    public = {thing.values["id"] for thing in things if thing.type == "aws_subnet"}

    def moved(group: dict[str, Any]) -> dict[str, Any]:
        return group | {"vpc_zone_identifier": sorted(public)}

    areas = {node.key: node.area for node in Topology(changed(things, "aws_autoscaling_group", moved)).nodes}
    assert areas["stage_collector"] == "public"
    assert {node.area for node in Topology(things).nodes if node.key.startswith("stage_")} == {"stages"}


def _picture() -> str:
    found = re.search(r"```mermaid\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]
