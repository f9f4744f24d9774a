"""Log groups: encrypted, kept for a while, and watched for the word that errors are written with."""

import re
from collections.abc import Iterator

from tests.doubles.terraform.state import Resource, State
from tests.terraform.iam.evaluator import Decision, Principal, Target, decide
from tests.terraform.state.alarming import watches
from tests.terraform.state.world import (
    blocks,
    key_policy,
    some,
    stage_of,
    template_of,
    user_data,
    world,
)

_WORD = r"(?<![A-Za-z0-9_]){}(?![A-Za-z0-9_])"


def finds(pattern: str, line: str) -> bool:
    """Whether a filter of terms surely finds a line: each term in it as a word of its own, letter case and all.

    Source: CloudWatch Logs User Guide, "Filter pattern syntax": several terms have to be there all, or one of those
    with a question mark; in quotes they may hold other signs. Patterns with other syntax raise ValueError.
    """
    terms = re.findall(r'([?-]?)(?:"([^"]*)"|([A-Za-z0-9_]+))', pattern)
    if not terms or re.sub(r'[?-]?(?:"[^"]*"|[A-Za-z0-9_]+)\s*', "", pattern).strip():
        raise ValueError(f"not a pattern of terms: {pattern}")
    alternatives = [quoted or plain for sign, quoted, plain in terms if sign == "?"]
    wanted = [quoted or plain for sign, quoted, plain in terms if not sign]
    unwanted = [quoted or plain for sign, quoted, plain in terms if sign == "-"]
    return (
        all(_has(term, line) for term in wanted)
        and not any(term in line for term in unwanted)
        and (not alternatives or bool(wanted) or any(_has(term, line) for term in alternatives))
    )


def _has(term: str, line: str) -> bool:
    return re.search(_WORD.format(re.escape(term)) if term.isalnum() else re.escape(term), line) is not None


def patterns(state: State) -> dict[str, str]:
    """The filter's pattern of each log group, by the group's name."""
    return {f["log_group_name"]: f["pattern"] for f in state.of("aws_cloudwatch_log_metric_filter")}


def unwatched(state: State) -> list[str]:
    """Log groups whose errors nobody is told of, that are not on the key, or that are kept for ever."""
    found = list(some(state, "aws_cloudwatch_log_group", "aws_cloudwatch_log_metric_filter"))
    key = state.one("aws_kms_key")
    for group in state.of("aws_cloudwatch_log_group"):
        if group["kms_key_id"] != key["arn"]:
            found.append(f"{group.address}: not on the customer managed key")
        if not group["retention_in_days"]:
            found.append(f"{group.address}: kept for ever")
        if group.values.get("log_group_class") not in (None, "", "STANDARD"):
            found.append(f"{group.address}: metric filters need the class STANDARD")
        filters = state.of("aws_cloudwatch_log_metric_filter", log_group_name=group["name"])
        counting = [f for f in filters if "ERROR" in f["pattern"]]
        if not counting:
            found.append(f"{group.address}: no metric filter counts ERROR")
        for filter_ in counting:
            found += _uncounted(state, filter_)
    return found


def _uncounted(state: State, filter_: Resource) -> Iterator[str]:
    for block in blocks(filter_.values, "metric_transformation"):
        if (block["value"], block["default_value"]) not in {("1", "0"), (1, 0), ("1", 0)}:
            yield f"{filter_.address}: a line counts as 1, none as 0"
        alarms = [
            alarm
            for alarm in state.of("aws_cloudwatch_metric_alarm")
            if any(watch[:2] == (block["namespace"], block["name"]) for watch in watches(alarm))
        ]
        if not any(
            alarm["statistic"] == "Sum"
            and alarm["comparison_operator"] == "GreaterThanThreshold"
            and alarm["threshold"] == 0
            for alarm in alarms
        ):
            yield f"{filter_.address}: no alarm goes off at the first line"


def locked_out(state: State) -> list[str]:
    """Log groups that CloudWatch Logs could not encrypt, and uses of the key by it for anything else."""
    found = list(some(state, "aws_cloudwatch_log_group"))
    place, key = world(state), state.one("aws_kms_key")
    target = Target(key["arn"], place.account, key_policy(state), by_policy_only=True)
    name = "kms:EncryptionContext:aws:logs:arn"
    ours = [group["arn"].removesuffix(":*") for group in state.of("aws_cloudwatch_log_group")]
    others = [
        f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:other",
        f"arn:{place.partition}:logs:{place.region}:999999999999:log-group:/{place.name}/collector",
    ]
    logs = Principal(service=f"logs.{place.region}.amazonaws.com")
    elsewhere = Principal(service="logs.us-gov-east-1.amazonaws.com")
    for action in ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey"):
        found += [
            f"the key's policy keeps CloudWatch Logs from {action} for {arn}"
            for arn in ours
            if decide(logs, action, target, {name: arn}) != Decision.ALLOWED
        ]
        found += [
            f"the key's policy lets {who.service} {action} for {context.get(name, 'anything')}"
            for who, context in [*((logs, {name: arn}) for arn in others), (logs, {}), (elsewhere, {name: ours[0]})]
            if decide(who, action, target, context) == Decision.ALLOWED
        ]
    return found


def unshipped(state: State) -> list[str]:
    """Machines whose containers do not write to their own log group, or would stand still when that is slow."""
    found = list(some(state, "aws_autoscaling_group", "aws_cloudwatch_log_group"))
    names = {group["name"] for group in state.of("aws_cloudwatch_log_group")}
    place = world(state)
    for group in state.of("aws_autoscaling_group"):
        text = user_data(template_of(state, group)).replace("\\", "")
        written = set(re.findall(r"awslogs-group=([^\s\"']+)", text))
        own = f"/{place.name}/{stage_of(group)}"
        if written != {own} or own not in names:
            found.append(f"{group.address}: its containers write to {sorted(written)}, not to {own}")
        runs, blocking = text.count("awslogs-group="), text.count("mode=non-blocking")
        if runs != blocking:
            found.append(f"{group.address}: {runs} containers write logs, {blocking} of them without waiting")
    return found
