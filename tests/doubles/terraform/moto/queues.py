"""SQS: queues, and what is set on them by resources of their own."""

from collections.abc import Mapping

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, put

_TEXTS = {
    "DeduplicationScope": "deduplication_scope",
    "FifoThroughputLimit": "fifo_throughput_limit",
    "KmsMasterKeyId": "kms_master_key_id",
    "RedrivePolicy": "redrive_policy",
}
_DECIDED = {
    "DeduplicationScope": "deduplication_scope",
    "FifoThroughputLimit": "fifo_throughput_limit",
    "Policy": "policy",
    "RedriveAllowPolicy": "redrive_allow_policy",
    "RedrivePolicy": "redrive_policy",
}
"""What the service says where nobody says anything."""
_NUMBERS = {
    "DelaySeconds": "delay_seconds",
    "KmsDataKeyReusePeriodSeconds": "kms_data_key_reuse_period_seconds",
    "MaximumMessageSize": "max_message_size",
    "MessageRetentionPeriod": "message_retention_seconds",
    "ReceiveMessageWaitTimeSeconds": "receive_wait_time_seconds",
    "VisibilityTimeout": "visibility_timeout_seconds",
}
_SWITCHES = {"ContentBasedDeduplication": "content_based_deduplication", "FifoQueue": "fifo_queue"}


def _attributes(given: Arguments) -> dict[str, str]:
    """What is set, all of it as text. A queue that is no FIFO queue may not even say so."""
    texts = given.named(**_TEXTS)
    numbers = {name: str(int(value)) for name, value in given.named(**_NUMBERS).items()}
    switches = {name: "true" if value else "false" for name, value in given.named(**_SWITCHES).items()}
    return texts | numbers | {n: v for n, v in switches.items() if (n, v) != ("FifoQueue", "false")}


def _create_queue(aws: Aws, given: Arguments) -> Values:
    made = aws("sqs").create_queue(QueueName=given["name"], Attributes=_attributes(given), tags=given.tag_map())
    url = made["QueueUrl"]
    found = _found(aws, url)
    unset = {ours: found.get(theirs, "") for theirs, ours in _DECIDED.items() if not given[ours]}
    return {"id": url, "url": url, "arn": found["QueueArn"], **unset}


def _found(aws: Aws, url: str) -> Mapping[str, str]:
    found: Mapping[str, str] = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def _read_queue(aws: Aws, prior: Values) -> Values | None:
    found = _found(aws, prior["url"])
    values: Values = {"arn": found["QueueArn"]}
    for theirs, ours in _TEXTS.items():
        if prior[ours] is not None or ours == "kms_master_key_id":
            text = found.get(theirs) or (prior[ours] and "")
            values[ours] = as_before(prior[ours], text) if ours == "redrive_policy" else text
    for theirs, ours in _NUMBERS.items():
        if prior[ours] is not None and theirs in found:
            values[ours] = int(found[theirs])
    for theirs, ours in _SWITCHES.items():
        if prior[ours] is not None:
            values[ours] = found.get(theirs, "false") == "true"
    return values


def _update_queue(aws: Aws, given: Arguments, prior: Values) -> Values:
    attributes = {name: value for name, value in _attributes(given).items() if name != "FifoQueue"}
    _set(aws, prior["url"], attributes)
    return {}


def _set(aws: Aws, url: str, attributes: Mapping[str, str]) -> None:
    """Sets these attributes. The policy goes along: moto 5.2 drops it with every other attribute that is set."""
    policy = {"Policy": text} if (text := _found(aws, url).get("Policy")) else {}
    aws("sqs").set_queue_attributes(QueueUrl=url, Attributes=policy | dict(attributes))


def _delete_queue(aws: Aws, prior: Values) -> None:
    aws("sqs").delete_queue(QueueUrl=prior["url"])


def _attribute(theirs: str, ours: str) -> Kind:
    """A resource that is no more than an attribute of a queue."""

    def set_(aws: Aws, given: Arguments) -> Values:
        _set(aws, given["queue_url"], {theirs: given[ours]})
        return {"id": given["queue_url"]}

    def read(aws: Aws, prior: Values) -> Values | None:
        found = _found(aws, prior["queue_url"]).get(theirs)
        return {ours: as_before(prior[ours], found)} if found else None

    def clear(aws: Aws, prior: Values) -> None:
        _set(aws, prior["queue_url"], {theirs: ""})

    return put(set_, read, clear)


KINDS = {
    "aws_sqs_queue": Kind(_create_queue, _read_queue, _delete_queue, _update_queue),
    "aws_sqs_queue_policy": _attribute("Policy", "policy"),
    "aws_sqs_queue_redrive_policy": _attribute("RedrivePolicy", "redrive_policy"),
}
