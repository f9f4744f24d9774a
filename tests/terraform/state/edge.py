"""The one load balancer: its listeners, a rule for each service, and how it tells whether one is well."""

from collections import Counter
from collections.abc import Mapping

from tests.doubles.terraform.state import State
from tests.terraform.state.world import blocks, some, stage_of, template_of, written_files

HEALTH: Mapping[str, str] = {"collector": "/health", "iglu": "/api/meta/health", "page": "/health"}
"""Service -> the health page that the application has; a test asks the applications."""


def doors(state: State) -> list[str]:
    """What is wrong with the load balancer and its listeners."""
    found = list(some(state, "aws_lb", "aws_lb_listener"))
    if len(state.of("aws_lb")) > 1:
        found.append(f"there are {len(state.of('aws_lb'))} load balancers: one is shared by all services")
    for balancer in state.of("aws_lb"):
        if balancer["internal"] or balancer["load_balancer_type"] != "application":
            found.append(f"{balancer.address}: not an application load balancer that the internet reaches")
        if not balancer["drop_invalid_header_fields"]:
            found.append(f"{balancer.address}: passes invalid headers on")
    by_port = {listener["port"]: listener for listener in state.of("aws_lb_listener")}
    if set(by_port) != {80, 443}:
        found.append(f"listeners on {sorted(by_port)}: only 80 and 443 are doors")
    if plain := by_port.get(80):
        redirects = blocks(plain.values, "default_action.redirect")
        if not redirects or any((r["protocol"], r["port"]) != ("HTTPS", "443") for r in redirects):
            found.append(f"{plain.address}: plain HTTP is answered and not redirected")
    if secure := by_port.get(443):
        if secure["protocol"] != "HTTPS" or not str(secure["ssl_policy"]).startswith("ELBSecurityPolicy-TLS13-1-"):
            found.append(f"{secure.address}: {secure['protocol']} with {secure['ssl_policy']}, not TLS 1.2 and 1.3")
        if not secure["certificate_arn"]:
            found.append(f"{secure.address}: has no certificate")
        answers = blocks(secure.values, "default_action.fixed_response")
        if [answer["status_code"] for answer in answers] != ["404"]:
            found.append(f"{secure.address}: a host that nobody knows is not answered 404")
    return found


def services(state: State) -> list[str]:
    """Services that are not reached, by two ways, or without TLS to the machine."""
    found = list(some(state, "aws_lb_listener_rule", "aws_lb_target_group"))
    secure = {listener["arn"] for listener in state.of("aws_lb_listener") if listener["port"] == 443}
    rules = state.of("aws_lb_listener_rule")
    for attribute, told in (("priority", "the priority"), ("hosts", "the host")):
        counted = Counter(
            value
            for rule in rules
            for value in ([rule["priority"]] if attribute == "priority" else _hosts(rule.values))
        )
        found += [f"{told} {value} is taken {count} times" for value, count in counted.items() if count > 1]
    forwarded = [
        action["target_group_arn"] or group["arn"]
        for rule in rules
        for action in blocks(rule.values, "action")
        for group in (blocks(action, "forward.target_group") or [{"arn": None}])
    ]
    for rule in rules:
        if not _hosts(rule.values):
            found.append(f"{rule.address}: no host is named")
        if rule["listener_arn"] not in secure:
            found.append(f"{rule.address}: answers on plain HTTP")
    stages = {
        arn: group for group in state.of("aws_autoscaling_group") for arn in group.values.get("target_group_arns") or []
    }
    for target in state.of("aws_lb_target_group"):
        if forwarded.count(target["arn"]) != 1:
            found.append(f"{target.address}: {forwarded.count(target['arn'])} rules lead there, not one")
        if (target["protocol"], target["port"]) != ("HTTPS", 443):
            found.append(f"{target.address}: {target['protocol']} on {target['port']}, not HTTPS on 443")
        group = stages.get(target["arn"])
        if group is None:
            found.append(f"{target.address}: no machine is behind it")
            continue
        stage = stage_of(group)
        for check in blocks(target.values, "health_check") or [{}]:
            if check.get("protocol") != "HTTPS" or check.get("path") != HEALTH.get(stage):
                found.append(f"{target.address}: {stage} is asked {check.get('protocol')} {check.get('path')}")
        sites = [text for path, text in written_files(template_of(state, group)).items() if "/sites/" in path]
        if not any(f"location = {HEALTH.get(stage)} " in site and "listen 0.0.0.0:443" in site for site in sites):
            found.append(f"{group.address}: no Nginx that answers {HEALTH.get(stage)} on 443")
    return found


def named(state: State) -> list[str]:
    """Hosts that the certificate does not name or that no record leads to, where both are made here."""
    found: list[str] = []
    hosts = {host for rule in state.of("aws_lb_listener_rule") for host in _hosts(rule.values)}
    for certificate in state.of("aws_acm_certificate"):
        names = {certificate["domain_name"], *(certificate["subject_alternative_names"] or [])}
        found += [f"{certificate.address}: does not name {host}" for host in sorted(hosts - names)]
        records = {record["name"] for record in state.of("aws_route53_record") if blocks(record.values, "alias")}
        found += [f"no record leads to {host}" for host in sorted(hosts - records)]
    return found


def _hosts(rule: Mapping[str, object]) -> list[str]:
    return [host for block in blocks(rule, "condition.host_header") for host in block["values"]]
