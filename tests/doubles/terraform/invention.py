"""Decides what a service would decide: ids, ARNs, addresses. The same configuration gets the same answers."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.terraform.names import TEMPLATES
from tests.doubles.terraform.place import Place
from tests.doubles.terraform.schema import Attribute
from tests.doubles.terraform.values import UNKNOWN, Values, empty, without_unknown

_ARNS = {"elb": "elasticloadbalancing", "iam": "iam"}
_SERVICES = "ec2 elb acm autoscaling rds ecr kinesis dynamodb sqs sns kms secretsmanager ssm logs cloudwatch events aps"
_PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}
_PREFIXED = {"name": "name_prefix", "bucket": "bucket_prefix", "identifier": "identifier_prefix"}
_LINKED = {"autoscaling.amazonaws.com": "AutoScaling", "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing"}


class Invention:
    """Invents for one cloud: things that are configured alike are still told apart."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def of(self, type_name: str, planned: Values, place: Place) -> Callable[[str, Attribute, Values], Any]:
        """The attributes of one new resource, as a function that `values.resolved` asks."""
        digest = self._digest(type_name, planned)
        made = _top(type_name, without_unknown(planned), place, digest)

        def find(name: str, attribute: Attribute, around: Values) -> Any:
            if around is planned and name in made:
                return _typed(attribute, made[name])
            return _general(type_name, name, attribute, place, digest)

        return find

    def _digest(self, type_name: str, planned: Values) -> str:
        text = f"{type_name} {json.dumps(without_unknown(planned), sort_keys=True, default=str)}"
        with self._lock:  # Terraform applies ten resources at a time
            self._seen[text] += 1
            count = self._seen[text]
        return hashlib.sha512(f"{text} {count}".encode()).hexdigest()


def _top(type_name: str, known: Values, place: Place, digest: str) -> Values:
    words: dict[str, Any] = {name: value for name, value in known.items() if isinstance(value, str | int | float)}
    words |= _words(known, place, digest)
    made: Values = dict(_special(type_name, known, digest))
    for name, prefix in _PREFIXED.items():
        if name in known and known[name] is None:
            made[name] = words[name] = f"{known.get(prefix) or 'terraform-'}{int(digest[:24], 16) % 10**26:026d}"
    words |= made
    for name, template in TEMPLATES.get(type_name, {}).items():
        if known.get(name) is None:
            made[name] = words[name] = template.format_map(_Words(words))
    return made


class _Words(dict[str, Any]):
    """An argument that is not set stands in a name as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def _words(known: Values, place: Place, digest: str) -> dict[str, str]:
    balancer = str(known.get("load_balancer_arn") or "").replace(":loadbalancer/", ":listener/")
    code = _letters(digest)
    arns = {name: place.arn(_ARNS.get(name, name), "").removesuffix(":") for name in _SERVICES.split()}
    return {
        **arns,
        "iam": f"arn:{place.partition}:iam::{place.account}",
        "account": place.account,
        "region": str(known.get("region") or place.region),
        "partition": place.partition,
        "dns": place.dns_suffix,
        "hex8": digest[:8],
        "hex16": digest[:16],
        "hex17": digest[:17],
        "uuid": f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}",
        "digits10": f"{int(digest[:16], 16) % 9 * 10**9 + int(digest[16:32], 16) % 10**9 + 10**9}",
        "code6": code[:6],
        "code12": code[:12].lower(),
        "CODE16": code[:16].upper(),
        "address": f"203.0.113.{int(digest[:4], 16) % 254 + 1}",
        "path_": str(known.get("path") or "/"),
        "lb": {"network": "net", "gateway": "gwy"}.get(str(known.get("load_balancer_type")), "app"),
        "listener": balancer,
        "rule": str(known.get("listener_arn") or "").replace(":listener/", ":listener-rule/"),
        "service": _LINKED.get(str(known.get("aws_service_name")), "Service"),
    }


def _letters(digest: str) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(alphabet[int(digest[i : i + 3], 16) % len(alphabet)] for i in range(0, 96, 3))


def _special(type_name: str, known: Values, digest: str) -> Values:
    """What is no plain template: numbers, lists and what depends on another argument."""
    if type_name == "aws_db_instance":
        return {"port": known.get("port") or _PORTS.get(str(known.get("engine")), 5432)}
    if type_name == "aws_launch_template":
        return {"latest_version": 1, "default_version": 1}
    if type_name == "aws_sns_topic_subscription":
        return {"pending_confirmation": str(known.get("protocol")).startswith("email")}
    if type_name == "aws_route53_zone":
        return {"name_servers": [f"ns-{i}.awsdns-0{i}.com" for i in range(4)]}
    if type_name == "aws_acm_certificate":
        return {"domain_validation_options": validation_options(known, digest)}
    if type_name == "databricks_sql_endpoint":
        path = f"/sql/1.0/warehouses/{digest[:16]}"
        return {
            "odbc_params": [
                {"hostname": "workspace.cloud.databricks.com", "path": path, "port": 443, "protocol": "https"}
            ]
        }
    return {}


def validation_options(certificate: Mapping[str, Any], digest: str | None) -> list[Values]:
    """The records that prove a certificate's domains: at plan, without a digest, only the domains are known."""
    names = [certificate.get("domain_name"), *(certificate.get("subject_alternative_names") or [])]
    return [
        {
            "domain_name": name,
            "resource_record_name": f"_{digest[:32]}.{name.removeprefix('*.')}." if digest else UNKNOWN,
            "resource_record_type": "CNAME" if digest else UNKNOWN,
            "resource_record_value": f"_{digest[32:64]}.acm-validations.aws." if digest else UNKNOWN,
        }
        for name in dict.fromkeys(name for name in names if isinstance(name, str))
    ]


def _typed(attribute: Attribute, value: Any) -> Any:
    if attribute.type == "number" and isinstance(value, str):
        return int(value) if value.isdigit() else 0
    return value


def _general(type_name: str, name: str, attribute: Attribute, place: Place, digest: str) -> Any:
    """An attribute nobody described: something of the right type that looks like its name."""
    if attribute.nested:
        return None if attribute.nested.nesting == "single" else {} if attribute.nested.nesting == "map" else []
    if attribute.type != "string":
        return empty(attribute.type)
    own = hashlib.sha256(f"{digest} {name}".encode()).hexdigest()
    kind = type_name.partition("_")[2].replace("_", "-")
    if name in ("owner_id", "account_id"):
        return place.account
    if name == "region":
        return place.region
    if name == "arn" or name.endswith("_arn"):
        return place.arn(type_name.split("_")[1], f"{kind}/{own[:16]}")
    if name == "external_id":
        return f"{own[:8]}-{own[8:12]}-4{own[13:16]}-8{own[17:20]}-{own[20:32]}"
    return f"{kind}-{own[:17]}" if name == "id" else f"{name.replace('_', '-')}-{own[:17]}"
