"""Listeners of load balancers, their rules, and certificates."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, first


def _actions(blocks: list[Arguments]) -> list[Values]:
    actions = []
    for block in blocks:
        action = block.named(Type="type", TargetGroupArn="target_group_arn")
        if block["order"]:
            action["Order"] = int(block["order"])
        for redirect in block.blocks("redirect"):
            action["RedirectConfig"] = redirect.named(
                Protocol="protocol", Port="port", Host="host", Path="path", Query="query", StatusCode="status_code"
            )
        for answer in block.blocks("fixed_response"):
            action["FixedResponseConfig"] = answer.named(
                ContentType="content_type", MessageBody="message_body", StatusCode="status_code"
            )
        actions.append(action)
    return actions


def _listener(given: Arguments) -> Values:
    certificate = given.named(CertificateArn="certificate_arn")
    return {
        **given.named(Port="port", Protocol="protocol", SslPolicy="ssl_policy"),
        **({"Certificates": [certificate]} if certificate else {}),
        "DefaultActions": _actions(given.blocks("default_action")),
    }


def _create_listener(aws: Aws, given: Arguments) -> Values:
    made = aws("elbv2").create_listener(
        LoadBalancerArn=given["load_balancer_arn"], **_listener(given), Tags=given.tags()
    )["Listeners"][0]
    return {"id": made["ListenerArn"], "arn": made["ListenerArn"]}


def _update_listener(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("elbv2").modify_listener(ListenerArn=prior["arn"], **_listener(given))
    return {}


def _read_listener(aws: Aws, prior: Values) -> Values | None:
    found = aws("elbv2").describe_listeners(ListenerArns=[prior["arn"]])["Listeners"][0]
    certificate = first(found.get("Certificates", []))
    values = {"port": found["Port"], "protocol": found["Protocol"]}
    if prior["protocol"] == "HTTPS":
        values |= {
            "ssl_policy": found.get("SslPolicy"),
            "certificate_arn": certificate and certificate["CertificateArn"],
        }
    return values


def _rule(given: Arguments) -> Values:
    conditions = []
    for block in given.blocks("condition"):
        for field, ours in (("host-header", "host_header"), ("path-pattern", "path_pattern")):
            conditions += [
                {"Field": field, f"{field.title().replace('-', '')}Config": inner.named(Values="values")}
                for inner in block.blocks(ours)
            ]
    return {"Conditions": conditions, "Actions": _actions(given.blocks("action"))}


def _create_rule(aws: Aws, given: Arguments) -> Values:
    asked = given.named(ListenerArn="listener_arn", Priority="priority")
    arn = aws("elbv2").create_rule(**asked, **_rule(given), Tags=given.tags())["Rules"][0]["RuleArn"]
    return {"id": arn, "arn": arn}


def _update_rule(aws: Aws, given: Arguments, prior: Values) -> Values:
    aws("elbv2").modify_rule(RuleArn=prior["arn"], **_rule(given))
    if given["priority"] != prior["priority"]:
        priority = {"RuleArn": prior["arn"], "Priority": int(given["priority"])}
        aws("elbv2").set_rule_priorities(RulePriorities=[priority])
    return {}


def _read_rule(aws: Aws, prior: Values) -> Values | None:
    found = aws("elbv2").describe_rules(RuleArns=[prior["arn"]])["Rules"][0]
    return {"priority": type(prior["priority"])(found["Priority"])}


def _request_certificate(aws: Aws, given: Arguments) -> Values:
    asked = given.named(
        DomainName="domain_name",
        SubjectAlternativeNames="subject_alternative_names",
        ValidationMethod="validation_method",
        KeyAlgorithm="key_algorithm",
    )
    arn = aws("acm").request_certificate(**asked, Tags=given.tags())["CertificateArn"]
    options = aws("acm").describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    return {"id": arn, "arn": arn, "domain_validation_options": [_proof(option) for option in options]}


def _proof(option: Any) -> Values:
    record = option["ResourceRecord"]
    return {
        "domain_name": option["DomainName"],
        "resource_record_name": record["Name"],
        "resource_record_type": record["Type"],
        "resource_record_value": record["Value"],
    }


def _read_certificate(aws: Aws, prior: Values) -> Values | None:
    found = aws("acm").describe_certificate(CertificateArn=prior["arn"])["Certificate"]
    return {"domain_name": found["DomainName"]}


KINDS = {
    "aws_lb_listener": Kind(
        _create_listener,
        _read_listener,
        lambda aws, prior: aws("elbv2").delete_listener(ListenerArn=prior["arn"]),
        _update_listener,
    ),
    "aws_lb_listener_rule": Kind(
        _create_rule,
        _read_rule,
        lambda aws, prior: aws("elbv2").delete_rule(RuleArn=prior["arn"]),
        _update_rule,
    ),
    "aws_acm_certificate": Kind(
        _request_certificate,
        _read_certificate,
        lambda aws, prior: aws("acm").delete_certificate(CertificateArn=prior["arn"]),
        None,
        {"domain_validation_options": "comes back from the service"},
    ),
}
