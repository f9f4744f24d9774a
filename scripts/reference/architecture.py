"""The page with the picture of the platform, drawn from what an apply made."""

from collections import Counter
from collections.abc import Iterable, Iterator

from scripts.reference.topology import Edge, Node, Resource, Topology

INTRODUCTION = """# Architecture

Drawn from the applied state of [infra/terraform/examples/complete](../../infra/terraform/examples/complete/main.tf),
in which everything is on; nobody keeps it by hand. An arrow with a number is an open port. Others go where data goes:
from a stage to what its role may write, from what it may read to the stage, from alarms to who is told. An arrow that
begins at a frame begins at each stage in it. `.venv/bin/python -m scripts.draw_architecture` draws it again.
"""

AREAS = {
    "public": "Public subnets",
    "private": "Beside the stages",
    "stages": "Stages, in private subnets",
    "between": "Between two stages",
    "watching": "What watches",
    "databricks": "Databricks",
}
"""In the order of the drawing. What is in no area stands outside."""

SHAPES = {"box": ("[", "]"), "store": ("[(", ")]"), "cloud": ("([", "])")}


def page(resources: Iterable[Resource]) -> str:
    """The page as Markdown."""
    resources = list(resources)
    topology = Topology(resources)
    lines = [INTRODUCTION, "```mermaid", *_mermaid(topology), "```", "", *_facts(resources)]
    return "\n".join(lines).rstrip() + "\n"


def _mermaid(topology: Topology) -> Iterator[str]:
    yield "flowchart LR"
    for node in topology.nodes:
        if node.area not in AREAS:
            yield f"    {_drawn(node)}"
    for area, title in AREAS.items():
        inside = [node for node in topology.nodes if node.area == area]
        if inside:
            yield f'    subgraph {area}["{title}"]'
            yield from (f"        {_drawn(node)}" for node in inside)
            yield "    end"
    yield from (f"    {_arrow(edge)}" for edge in _joined(topology))


def _drawn(node: Node) -> str:
    before, after = SHAPES[node.shape]
    return f'{_id(node.key)}{before}"{"<br>".join(node.label)}"{after}'


def _arrow(edge: Edge) -> str:
    label = f'|"{edge.label}"|' if edge.label else ""
    return f"{_id(edge.source)} {'<-->' if edge.both else '-->'}{label} {_id(edge.target)}"


def _joined(topology: Topology) -> list[Edge]:
    """The edges; those that every stage has alike are drawn once, at their frame."""
    stages = {node.key for node in topology.nodes if node.area == "stages"}
    common = Counter((edge.target, edge.label, edge.both) for edge in topology.edges if edge.source in stages)
    whole = {shape for shape, count in common.items() if count == len(stages)}
    single = [
        edge
        for edge in topology.edges
        if edge.source not in stages or (edge.target, edge.label, edge.both) not in whole
    ]
    return sorted([*single, *(Edge("stages", target, label, both) for target, label, both in whole)])


def _id(key: str) -> str:
    return key.replace("-", "_").replace(" ", "_")


def _facts(resources: list[Resource]) -> Iterator[str]:
    """What a picture cannot hold: how many there are of what, and what names the key."""
    managed = [found for found in resources if getattr(found, "mode", "managed") == "managed"]
    keys = [str(found.values["arn"]) for found in managed if found.type == "aws_kms_key"]
    named = Counter(found.type for found in managed if found.type != "aws_kms_key" and _holds(found.values, keys))
    yield from (f"{len(managed)} resources of {len({found.type for found in managed})} kinds.", "")
    yield from ("## What names the key", "")
    yield "All of it is encrypted with one customer managed key. It is named by:"
    yield ""
    yield from ("| kind | how many |", "|---|---|")
    yield from (f"| `{kind}` | {count} |" for kind, count in sorted(named.items()))


def _holds(value: object, keys: list[str]) -> bool:
    """Whether an argument, not a text such as a policy, is one of the keys."""
    if isinstance(value, dict):
        return any(_holds(inner, keys) for inner in value.values())
    if isinstance(value, list):
        return any(_holds(inner, keys) for inner in value)
    return value in keys
