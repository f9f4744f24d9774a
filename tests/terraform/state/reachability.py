"""Who can reach whom, by the rules of the security groups."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.doubles.terraform.state import Resource, State
from tests.terraform.state.world import blocks, some, stage_of, tags_of, template_of, written_files

INTERNET, NETWORK = "internet", "network"
BALANCER, DATABASE, ENDPOINTS, STAGE = "balancer", "database", "endpoints", "stage"
PROMETHEUS = f"{STAGE}:prometheus"
APPLICATION_PORT = 8080
_ANYWHERE = ("0.0.0.0/0", "::/0")
_ADDRESS = re.compile(r"\b(https?)://([a-z0-9.-]+\.[a-z]{2,})(?::([0-9]+))?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """From whom to whom, on which ports, and the rule that says so."""

    source: str
    target: str
    ports: range
    rule: str


def owners(state: State) -> dict[str, str]:
    """Whose each security group is: `balancer`, `stage:…`, `database:…`, `endpoints`."""
    found: dict[str, str] = {}
    for balancer in state.of("aws_lb"):
        found |= dict.fromkeys(balancer["security_groups"], BALANCER)
    for database in state.of("aws_db_instance"):
        found |= dict.fromkeys(database["vpc_security_group_ids"], f"{DATABASE}:{database['db_name']}")
    for endpoint in state.of("aws_vpc_endpoint"):
        found |= dict.fromkeys(endpoint.values.get("security_group_ids") or [], ENDPOINTS)
    for group in state.of("aws_autoscaling_group"):
        template = template_of(state, group)
        names = list(template.values.get("vpc_security_group_ids") or [])
        names += [name for block in blocks(template.values, "network_interfaces") for name in block["security_groups"]]
        found |= dict.fromkeys(names, f"{STAGE}:{stage_of(group)}")
    return found


def ways(state: State, kind: str) -> list[Way]:
    """What the rules of one kind, `ingress` or `egress`, open."""
    whose = owners(state)
    network = {vpc["cidr_block"] for vpc in state.of("aws_vpc")}
    found = []
    for rule in state.of(f"aws_vpc_security_group_{kind}_rule"):
        near = whose.get(rule["security_group_id"], rule["security_group_id"])
        far = _far(rule, whose, network)
        ports = range(65536) if rule["ip_protocol"] == "-1" else range(rule["from_port"], rule["to_port"] + 1)
        found.append(Way(*((far, near) if kind == "ingress" else (near, far)), ports, rule.address))
    return found


def open_ways(state: State) -> list[str]:
    """Ways in that nobody needs, and ways that somebody needs and that are not there."""
    kind = "aws_vpc_security_group_ingress_rule"
    found = list(some(state, kind, "aws_lb", "aws_db_instance", "aws_autoscaling_group"))
    needed = needed_ways(state)
    opened = ways(state, "ingress")
    for way in opened:
        allowed = needed.get((way.source, way.target), frozenset())
        if APPLICATION_PORT in way.ports:
            found.append(f"{way.rule}: {APPLICATION_PORT} is the application's own port, behind Nginx")
        if not set(way.ports) <= allowed:
            found.append(f"{way.rule}: {way.source} reaches {way.target} on {_told(way.ports)}")
    for (source, target), ports in needed.items():
        there = {port for way in opened if (way.source, way.target) == (source, target) for port in way.ports}
        found += [f"{source} cannot reach {target} on {port}" for port in sorted(ports - there)]
    return found + list(_inline(state))


def needed_ways(state: State) -> dict[tuple[str, str], frozenset[int]]:
    """The ways in that this state's own parts need, and no others."""
    found = {(INTERNET, BALANCER): frozenset({80, 443})}
    stages = {stage_of(group) for group in state.of("aws_autoscaling_group")}
    for group in state.of("aws_autoscaling_group"):
        if group["target_group_arns"]:
            found[BALANCER, f"{STAGE}:{stage_of(group)}"] = frozenset({443})
        if "snowmelt:scrape" in tags_of(group):
            found[PROMETHEUS, f"{STAGE}:{stage_of(group)}"] = frozenset({8125})
    for database in state.of("aws_db_instance"):
        if database["db_name"] in stages:  # a stage and its database have one name
            found[f"{STAGE}:{database['db_name']}", f"{DATABASE}:{database['db_name']}"] = frozenset({database["port"]})
    if ENDPOINTS in owners(state).values():
        found[NETWORK, ENDPOINTS] = frozenset({443})
    return found


def leaving_ways(state: State) -> list[str]:
    """Ways out other than HTTPS, and than the other side of a way in."""
    found = list(some(state, "aws_vpc_security_group_egress_rule"))
    needed = needed_ways(state)
    left = ways(state, "egress")
    for way in left:
        allowed = needed.get((way.source, way.target), frozenset())
        if way.source.startswith(STAGE) and way.target in (INTERNET, NETWORK, ENDPOINTS):
            allowed |= {443}
        if not set(way.ports) <= allowed:
            found.append(f"{way.rule}: {way.source} goes to {way.target} on {_told(way.ports)}")
    for (source, target), ports in needed.items():
        if source in (INTERNET, NETWORK):
            continue
        there = {port for way in left if (way.source, way.target) == (source, target) for port in way.ports}
        found += [f"{source} may not go to {target} on {port}" for port in sorted(ports - there)]
    return found


def out_of_reach(state: State) -> list[str]:
    """Addresses on the internet that machines are told to ask, and that the rules do not let them reach."""
    found = list(some(state, "aws_autoscaling_group"))
    left = ways(state, "egress")
    for group in state.of("aws_autoscaling_group"):
        stage = f"{STAGE}:{stage_of(group)}"
        ports = {port for way in left if (way.source, way.target) == (stage, INTERNET) for port in way.ports}
        for path, text in written_files(template_of(state, group)).items():
            if path.startswith("/etc/snowmelt/"):
                found += [
                    f"{group.address}: {path} names {scheme}://{host}, and {port or _PORTS[scheme]} is not let out"
                    for scheme, host, port in _ADDRESS.findall(text)
                    if int(port or _PORTS[scheme]) not in ports
                ]
    return found


def _far(rule: Resource, whose: Mapping[str, str], network: set[str]) -> str:
    """The other end of a rule."""
    values = rule.values
    if values.get("referenced_security_group_id"):
        return whose.get(values["referenced_security_group_id"], values["referenced_security_group_id"])
    cidr = values.get("cidr_ipv4") or values.get("cidr_ipv6")
    if cidr in _ANYWHERE:
        return INTERNET
    return NETWORK if cidr in network else str(cidr or values.get("prefix_list_id"))


def _inline(state: State) -> Iterator[str]:
    for group in state.of("aws_security_group"):
        yield from (
            f"{group.address}: has a rule of its own" for kind in ("ingress", "egress") if group.values.get(kind)
        )
    for rule in state.of("aws_security_group_rule"):
        yield f"{rule.address}: write it as aws_vpc_security_group_ingress_rule, so that it is looked at"


def _told(ports: range) -> str:
    return "every port" if len(ports) == 65536 else str(ports[0]) if len(ports) == 1 else f"{ports[0]}-{ports[-1]}"
