"""CloudWatch: log groups, the filters on them, alarms; and workspaces of Prometheus."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, first, overlaid, put


def _create_group(aws: Aws, given: Arguments) -> Values:
    tags = {"tags": given.tag_map()} if given.tag_map() else {}
    asked = given.named(kmsKeyId="kms_key_id", logGroupClass="log_group_class")
    aws("logs").create_log_group(logGroupName=given["name"], **asked, **tags)
    _retain(aws, given)
    return {"id": given["name"], "arn": _group(aws, given["name"])["arn"].removesuffix(":*")}


def _retain(aws: Aws, given: Arguments) -> None:
    days = given["retention_in_days"]
    if days:
        aws("logs").put_retention_policy(logGroupName=given["name"], retentionInDays=int(days))


def _group(aws: Aws, name: str) -> Any:
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return first([group for group in groups if group["logGroupName"] == name])


def _read_group(aws: Aws, prior: Values) -> Values | None:
    found = _group(aws, prior["name"])
    return found and {
        "retention_in_days": found.get("retentionInDays", prior["retention_in_days"] and 0),
        "kms_key_id": found.get("kmsKeyId"),
    }


def _update_group(aws: Aws, given: Arguments, prior: Values) -> Values:
    _retain(aws, given)
    if given["kms_key_id"] != prior["kms_key_id"]:
        aws("logs").associate_kms_key(logGroupName=prior["name"], kmsKeyId=given["kms_key_id"])
    return {}


def _put_filter(aws: Aws, given: Arguments) -> Values:
    transformation = given.block("metric_transformation")
    sent = transformation.named(
        metricName="name", metricNamespace="namespace", metricValue="value", unit="unit", dimensions="dimensions"
    )
    default = transformation["default_value"]
    aws("logs").put_metric_filter(
        logGroupName=given["log_group_name"],
        filterName=given["name"],
        filterPattern=given["pattern"],
        metricTransformations=[sent | ({"defaultValue": float(default)} if default else {})],
    )
    return {"id": given["name"]}


def _read_filter(aws: Aws, prior: Values) -> Values | None:
    found = first(
        aws("logs").describe_metric_filters(logGroupName=prior["log_group_name"], filterNamePrefix=prior["name"])[
            "metricFilters"
        ]
    )
    if found is None:
        return None
    sent = found["metricTransformations"][0]
    block = overlaid(
        prior,
        "metric_transformation",
        name=sent["metricName"],
        namespace=sent["metricNamespace"],
        value=sent["metricValue"],
    )
    return {"pattern": found["filterPattern"], "metric_transformation": block}


def _delete_filter(aws: Aws, prior: Values) -> None:
    aws("logs").delete_metric_filter(logGroupName=prior["log_group_name"], filterName=prior["name"])


_PLAIN = {
    "AlarmName": "alarm_name",
    "AlarmDescription": "alarm_description",
    "ComparisonOperator": "comparison_operator",
    "EvaluationPeriods": "evaluation_periods",
    "DatapointsToAlarm": "datapoints_to_alarm",
    "TreatMissingData": "treat_missing_data",
    "Namespace": "namespace",
    "MetricName": "metric_name",
    "Statistic": "statistic",
    "ExtendedStatistic": "extended_statistic",
    "Period": "period",
    "Unit": "unit",
    "AlarmActions": "alarm_actions",
    "OKActions": "ok_actions",
    "InsufficientDataActions": "insufficient_data_actions",
    "ActionsEnabled": "actions_enabled",
}
_ALARM_READ = {theirs: ours for theirs, ours in _PLAIN.items() if ours not in ("actions_enabled", "unit")}


def _put_alarm(aws: Aws, given: Arguments) -> Values:
    queries = [_query(block) for block in given.blocks("metric_query")]
    aws("cloudwatch").put_metric_alarm(
        **given.named(**_PLAIN),
        **({} if given["threshold"] is None else {"Threshold": float(given["threshold"])}),
        **({"Dimensions": _dimensions(given)} if given["dimensions"] else {}),
        **({"Metrics": queries} if queries else {}),
        Tags=given.tags(),
    )
    return {"id": given["alarm_name"], "arn": _alarm(aws, given["alarm_name"])["AlarmArn"]}


def _dimensions(given: Arguments) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted((given["dimensions"] or {}).items())]


def _query(block: Arguments) -> Values:
    query = block.named(Id="id", Expression="expression", Label="label", Period="period")
    query["ReturnData"] = bool(block["return_data"])
    for metric in block.blocks("metric"):
        named = metric.named(Namespace="namespace", MetricName="metric_name")
        query["MetricStat"] = {
            "Metric": {**named, "Dimensions": _dimensions(metric)},
            **metric.named(Stat="stat", Period="period", Unit="unit"),
        }
    return query


def _alarm(aws: Aws, name: str) -> Any:
    return first(aws("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"])


def _read_alarm(aws: Aws, prior: Values) -> Values | None:
    found = _alarm(aws, prior["alarm_name"])
    if found is None:
        return None
    values = {ours: found.get(theirs) for theirs, ours in _ALARM_READ.items()}
    values = {name: value for name, value in values.items() if value not in (None, []) or prior[name]}
    if prior["threshold"] is None or float(prior["threshold"]) != found["Threshold"]:
        values["threshold"] = found.get("Threshold")
    if prior["dimensions"]:
        values["dimensions"] = {d["Name"]: d["Value"] for d in found["Dimensions"]}
    return values


def _create_workspace(aws: Aws, given: Arguments) -> Values:
    made = aws("amp").create_workspace(**given.named(alias="alias", kmsKeyArn="kms_key_arn"), tags=given.tag_map())
    found = aws("amp").describe_workspace(workspaceId=made["workspaceId"])["workspace"]
    return {"id": made["workspaceId"], "arn": made["arn"], "prometheus_endpoint": found["prometheusEndpoint"]}


def _read_workspace(aws: Aws, prior: Values) -> Values | None:
    found = aws("amp").describe_workspace(workspaceId=prior["id"])["workspace"]
    return {"alias": found.get("alias"), "kms_key_arn": found.get("kmsKeyArn")}


KINDS = {
    "aws_cloudwatch_log_group": Kind(
        _create_group,
        _read_group,
        lambda aws, prior: aws("logs").delete_log_group(logGroupName=prior["name"]),
        _update_group,
    ),
    "aws_cloudwatch_log_metric_filter": put(_put_filter, _read_filter, _delete_filter),
    "aws_cloudwatch_metric_alarm": put(
        _put_alarm,
        _read_alarm,
        lambda aws, prior: aws("cloudwatch").delete_alarms(AlarmNames=[prior["alarm_name"]]),
    ),
    "aws_prometheus_workspace": Kind(
        _create_workspace,
        _read_workspace,
        lambda aws, prior: aws("amp").delete_workspace(workspaceId=prior["id"]),
    ),
}
