"""Log groups, metric filters, alarms and dashboards: rules about single arguments, each with its source."""

from tests.doubles.terraform.rules import checks
from tests.doubles.terraform.rules.rule import Rule

_RETENTION = (
    0,
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
_OPERATORS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")

RULES: tuple[Rule, ...] = (
    Rule("aws_cloudwatch_log_group", "name", checks.name(512, r"[\w/#.-]+"), "CloudWatch Logs CreateLogGroup"),
    Rule(
        "aws_cloudwatch_log_group", "retention_in_days", checks.one_of(*_RETENTION), "PutRetentionPolicy; 0 is for ever"
    ),
    Rule("aws_cloudwatch_log_group", "kms_key_id", checks.arn(), "provider: ARN"),
    Rule("aws_cloudwatch_log_group", "kms_key_id", checks.arn("kms"), "CloudWatch Logs AssociateKmsKey", at_apply=True),
    Rule(
        "aws_cloudwatch_log_group",
        "log_group_class",
        checks.one_of("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
        "Logs",
    ),
    Rule("aws_cloudwatch_log_metric_filter", "pattern", lambda v: None if len(v) <= 1024 else "is too long", "Logs"),
    Rule("aws_cloudwatch_log_metric_filter", "metric_transformation.namespace", checks.name(255, r"[^:*$]+"), "Logs"),
    Rule("aws_cloudwatch_metric_alarm", "alarm_name", checks.name(255, r".+"), "CloudWatch PutMetricAlarm"),
    Rule("aws_cloudwatch_metric_alarm", "comparison_operator", checks.one_of(*_OPERATORS), "CloudWatch PutMetricAlarm"),
    Rule("aws_cloudwatch_metric_alarm", "statistic", checks.one_of(*_STATISTICS), "CloudWatch PutMetricAlarm"),
    Rule("aws_cloudwatch_metric_alarm", "evaluation_periods", checks.between(1, 2880), "CloudWatch PutMetricAlarm"),
    Rule(
        "aws_cloudwatch_metric_alarm",
        "treat_missing_data",
        checks.one_of("breaching", "notBreaching", "ignore", "missing"),
        "CloudWatch PutMetricAlarm",
    ),
    Rule(
        "aws_cloudwatch_metric_alarm",
        "period",
        lambda value: None if value in (10, 20, 30) or value % 60 == 0 else "is not 10, 20, 30 or a multiple of 60",
        "CloudWatch PutMetricAlarm",
    ),
    Rule(
        "aws_cloudwatch_metric_alarm",
        "extended_statistic",
        checks.name(64, r"(p\d{1,2}(\.\d{1,10})?|p100|IQM|(tm|wm|tc|ts|TM|WM|TC|TS|PR).+)"),
        "CloudWatch statistics",
    ),
    Rule("aws_cloudwatch_metric_alarm", "alarm_actions", checks.each(checks.arn()), "CloudWatch PutMetricAlarm"),
    Rule("aws_cloudwatch_metric_alarm", "ok_actions", checks.each(checks.arn()), "CloudWatch PutMetricAlarm"),
    Rule("aws_cloudwatch_dashboard", "dashboard_body", checks.json_text, "CloudWatch PutDashboard"),
)
