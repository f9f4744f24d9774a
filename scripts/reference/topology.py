"""What hangs together with what in an applied state: by rules of security groups, roles' policies, alarms and names."""

import fnmatch
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Resource(Protocol):
    """A resource of Terraform's state."""

    @property
    def type(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Node:
    """Something in the picture: what policies call it by, its security groups, and the role it has."""

    key: str
    label: tuple[str, ...]
    area: str
    shape: str = "box"
    arns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """An arrow. `both` points both ways."""

    source: str
    target: str
    label: str = ""
    both: bool = False


WRITES = {
    "dynamodb:PutItem",
    "kinesis:PutRecords",
    "logs:PutLogEvents",
    "s3:PutObject",
    "sns:Publish",
    "sqs:SendMessage",
}
READS = {
    "dynamodb:GetItem",
    "kinesis:GetRecords",
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
}
BOTH_WAYS = {"dynamodb:PutItem"}
WORLD = Node("internet", ("Internet",), "outside", "cloud")


class Topology:
    """Nodes and edges of a state. `name` is what the names of its resources begin with."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Everything is read at once; what is not there leaves no trace in the picture."""
        self._resources = list(resources)
        self.name = self._of("aws_lb")[0]["name"].removesuffix("-edge")
        self.nodes = list(self._nodes())
        known = {node.key for node in self.nodes}
        edges = {edge for edge in self._edges() if {edge.source, edge.target} <= known}
        self.edges = sorted(edges)

    def _of(self, kind: str) -> list[Mapping[str, Any]]:
        return [found.values for found in self._resources if found.type == kind]

    def _short(self, name: str) -> str:
        return name.removeprefix(f"{self.name}-").removesuffix(".fifo")

    # What there is.

    def _nodes(self) -> Iterator[Node]:
        yield WORLD
        hosts = {host for rule in self._of("aws_lb_listener_rule") for host in _hosts(rule)}
        for balancer in self._of("aws_lb"):
            label = ("load balancer", f"{len(hosts)} host names")
            yield Node(
                "edge",
                label,
                "private" if balancer["internal"] else "public",
                groups=tuple(balancer["security_groups"]),
            )
        yield from self._stages()
        for stream in self._of("aws_kinesis_stream"):
            short = self._short(stream["name"])
            yield Node(f"stream_{short}", ("stream", short), "between", "store", (stream["arn"],))
        for table in self._of("aws_dynamodb_table"):
            short = self._short(table["name"])
            yield Node(f"table_{short}", ("table", short), "between", "store", (table["arn"],))
        for queue in self._of("aws_sqs_queue"):
            short = self._short(queue["name"])
            yield Node(f"queue_{short}", ("queue", short), "between", "store", (queue["arn"],))
        for bucket in self._of("aws_s3_bucket"):
            yield Node("lake", ("bucket", "lake"), "between", "store", (bucket["arn"],))
        for database in self._of("aws_db_instance"):
            short = self._short(database["identifier"])
            groups = tuple(database["vpc_security_group_ids"])
            yield Node(f"database_{short}", ("PostgreSQL", short), "private", "store", groups=groups)
        secrets = self._of("aws_secretsmanager_secret")
        yield Node(
            "secrets",
            ("Secrets Manager", f"{len(secrets)} secrets"),
            "private",
            "store",
            tuple(s["arn"] for s in secrets),
        )
        yield from self._watching()
        yield from self._databricks()

    def _stages(self) -> Iterator[Node]:
        profiles = {profile["arn"]: profile["role"] for profile in self._of("aws_iam_instance_profile")}
        public = self._public_subnets()
        templates = {template["id"]: template for template in self._of("aws_launch_template")}
        for group in sorted(self._of("aws_autoscaling_group"), key=lambda group: str(group["name"])):
            template = templates[group["launch_template"][0]["id"]]
            least, most = group["min_size"], group["max_size"]
            size = "1 machine" if most == 1 else f"{least} machines" if least == most else f"{least} to {most} machines"
            groups = [*(template["vpc_security_group_ids"] or [])]
            for card in template["network_interfaces"] or []:
                groups += card["security_groups"] or []
            yield Node(
                f"stage_{self._short(group['name'])}",
                (self._short(group["name"]), size),
                "public" if public & set(group["vpc_zone_identifier"]) else "stages",
                groups=tuple(groups),
                role=profiles[template["iam_instance_profile"][0]["arn"]],
            )

    def _public_subnets(self) -> set[str]:
        """Those from which a route leads straight to the internet."""
        doors = {gateway["id"] for gateway in self._of("aws_internet_gateway")}
        tables = {route["route_table_id"] for route in self._of("aws_route") if route["gateway_id"] in doors}
        joined = self._of("aws_route_table_association")
        return {join["subnet_id"] for join in joined if join["route_table_id"] in tables}

    def _watching(self) -> Iterator[Node]:
        logs = self._of("aws_cloudwatch_log_group")
        yield Node(
            "logs", ("CloudWatch", f"{len(logs)} log groups"), "watching", "store", tuple(log["arn"] for log in logs)
        )
        yield Node("alarms", (f"{len(self._of('aws_cloudwatch_metric_alarm'))} alarms",), "watching")
        for topic in self._of("aws_sns_topic"):
            short = self._short(topic["name"])
            yield Node(f"topic_{short}", ("topic", short), "watching", arns=(topic["arn"],))
        people = {subscription["endpoint"] for subscription in self._of("aws_sns_topic_subscription")}
        yield Node("mail", (f"e-mail to {len(people)}",), "outside", "cloud")

    def _databricks(self) -> Iterator[Node]:
        for catalog in self._of("databricks_catalog"):
            schemas = ", ".join(sorted(schema["name"] for schema in self._of("databricks_schema")))
            yield Node("catalog", (f"catalog {catalog['name']}", schemas), "databricks", "store")
        for warehouse in self._of("databricks_sql_endpoint"):
            stop = f"sleeps after {warehouse['auto_stop_mins']} min"
            yield Node("warehouse", (f"SQL warehouse {warehouse['cluster_size']}", stop), "databricks")
        if self._of("databricks_job"):
            yield Node("notebook", ("dashboard notebook", "run by a job"), "databricks")
        if self._of("databricks_dashboard"):
            yield Node("dashboard", ("dashboard",), "databricks")
        for group in sorted(self._readers()):
            yield Node(f"reader_{group}", (group,), "outside", "cloud")

    def _readers(self) -> set[str]:
        principals = {principal["application_id"] for principal in self._of("databricks_service_principal")}
        return {grant["principal"] for grant in self._of("databricks_grant") if grant["principal"] not in principals}

    # How it hangs together.

    def _edges(self) -> Iterator[Edge]:
        yield from self._traffic()
        for node in self.nodes:
            if node.role:
                yield from self._rights(node)
        yield from self._alarming()
        yield from self._sharing()

    def _traffic(self) -> Iterator[Edge]:
        """What security groups let through, with its ports."""
        owners = {group: node.key for node in self.nodes for group in node.groups}
        ports: dict[tuple[str, str], set[int]] = {}
        for rule in self._of("aws_vpc_security_group_ingress_rule"):
            source = WORLD.key if rule["cidr_ipv4"] == "0.0.0.0/0" else owners.get(rule["referenced_security_group_id"])
            target = owners.get(rule["security_group_id"])
            if source and target:
                ports.setdefault((source, target), set()).add(rule["from_port"])
        for (source, target), open_ports in ports.items():
            yield Edge(source, target, ", ".join(map(str, sorted(open_ports))))

    def _rights(self, node: Node) -> Iterator[Edge]:
        """What its role may write and read."""
        for policy in self._of("aws_iam_role_policy"):
            if policy["role"] != node.role:
                continue
            for statement in json.loads(policy["policy"])["Statement"]:
                actions = set(_many(statement["Action"]))
                for other in self.nodes:
                    if not any(_names(p, arn) for p in _many(statement["Resource"]) for arn in other.arns):
                        continue
                    if actions & WRITES:
                        yield Edge(node.key, other.key, both=bool(actions & BOTH_WAYS))
                    elif actions & READS:
                        yield Edge(other.key, node.key)

    def _alarming(self) -> Iterator[Edge]:
        topics = {arn: node.key for node in self.nodes for arn in node.arns if node.key.startswith("topic_")}
        for alarm in self._of("aws_cloudwatch_metric_alarm"):
            for arn in alarm["alarm_actions"] or []:
                yield Edge("alarms", topics[arn])
        for subscription in self._of("aws_sns_topic_subscription"):
            yield Edge(topics[subscription["topic_arn"]], "mail")
        patterns = {log_filter["pattern"] for log_filter in self._of("aws_cloudwatch_log_metric_filter")}
        for pattern in patterns:
            yield Edge("logs", "alarms", pattern)
        for database in self._of("aws_db_instance"):
            if database["enabled_cloudwatch_logs_exports"]:
                yield Edge(f"database_{self._short(database['identifier'])}", "logs")
        queues = {queue["arn"]: f"queue_{self._short(queue['name'])}" for queue in self._of("aws_sqs_queue")}
        for queue in self._of("aws_sqs_queue"):
            if queue["redrive_policy"]:
                redrive = json.loads(queue["redrive_policy"])
                times = f"after {redrive['maxReceiveCount']} times"
                yield Edge(queues[queue["arn"]], queues[redrive["deadLetterTargetArn"]], times)

    def _sharing(self) -> Iterator[Edge]:
        """Databricks: what it reads and keeps in the bucket, and what asks whom."""
        buckets = {bucket["bucket"] for bucket in self._of("aws_s3_bucket")}
        for location in self._of("databricks_external_location"):
            bucket, _, prefix = location["url"].removeprefix("s3://").partition("/")
            if bucket in buckets:
                yield Edge("lake", "catalog", prefix) if location["read_only"] else Edge("catalog", "lake", prefix)
        for _ in self._of("databricks_dashboard"):
            yield Edge("warehouse", "dashboard")
        if self._of("databricks_job"):
            yield Edge("catalog", "notebook")
        yield Edge("catalog", "warehouse", both=True)
        for group in self._readers():
            yield Edge("dashboard", f"reader_{group}")
        for secret in self._of("aws_secretsmanager_secret"):
            stage, folder, _ = (*secret["name"].removeprefix(f"{self.name}/").split("/"), "", "")[:3]
            if folder == "connections":  # the connection by which that stage logs in
                yield Edge(f"stage_{stage}", "warehouse", "OAuth")


def _hosts(rule: Mapping[str, Any]) -> Iterator[str]:
    for condition in rule["condition"]:
        for header in condition["host_header"]:
            yield from header["values"]


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _names(pattern: str, arn: str) -> bool:
    """Whether a policy's resource is that thing, or something in it."""
    return pattern != "*" and (fnmatch.fnmatchcase(arn, pattern) or pattern.startswith((f"{arn}/", f"{arn}:")))
