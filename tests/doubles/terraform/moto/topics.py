"""SNS: topics, their policies, and who is told."""

from collections.abc import Mapping

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, first, put

_TEXTS = {"DisplayName": "display_name", "KmsMasterKeyId": "kms_master_key_id"}
_SWITCHES = {"ContentBasedDeduplication": "content_based_deduplication", "FifoTopic": "fifo_topic"}


def _create_topic(aws: Aws, given: Arguments) -> Values:
    switches = {name: "true" if value else "false" for name, value in given.named(**_SWITCHES).items()}
    arn = aws("sns").create_topic(Name=given["name"], Attributes=given.named(**_TEXTS) | switches, Tags=given.tags())[
        "TopicArn"
    ]
    return {"id": arn, "arn": arn}


def _found(aws: Aws, arn: str) -> Mapping[str, str]:
    found: Mapping[str, str] = aws("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    return found


def _read_topic(aws: Aws, prior: Values) -> Values | None:
    found = _found(aws, prior["arn"])
    return {
        "kms_master_key_id": found.get("KmsMasterKeyId") or None,
        "display_name": found.get("DisplayName") or prior["display_name"],
    }


def _update_topic(aws: Aws, given: Arguments, prior: Values) -> Values:
    for name, ours in _TEXTS.items():
        aws("sns").set_topic_attributes(TopicArn=prior["arn"], AttributeName=name, AttributeValue=given[ours] or "")
    return {}


def _put_policy(aws: Aws, given: Arguments) -> Values:
    aws("sns").set_topic_attributes(TopicArn=given["arn"], AttributeName="Policy", AttributeValue=given["policy"])
    return {"id": given["arn"]}


def _read_policy(aws: Aws, prior: Values) -> Values | None:
    return {"policy": as_before(prior["policy"], _found(aws, prior["arn"]).get("Policy"))}


def _delete_policy(aws: Aws, prior: Values) -> None:
    """A topic is never without a policy; the first one goes with the topic, and so does ours."""
    _found(aws, prior["arn"])


def _subscribe(aws: Aws, given: Arguments) -> Values:
    arn = aws("sns").subscribe(
        TopicArn=given["topic_arn"], Protocol=given["protocol"], Endpoint=given["endpoint"], ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    return {"id": arn, "arn": arn}


def _read_subscription(aws: Aws, prior: Values) -> Values | None:
    listed = aws("sns").list_subscriptions_by_topic(TopicArn=prior["topic_arn"])["Subscriptions"]
    found = first([s for s in listed if s["SubscriptionArn"] == prior["arn"]])
    return found and {"endpoint": found["Endpoint"], "protocol": found["Protocol"]}


KINDS = {
    "aws_sns_topic": Kind(
        _create_topic, _read_topic, lambda aws, prior: aws("sns").delete_topic(TopicArn=prior["arn"]), _update_topic
    ),
    "aws_sns_topic_policy": put(_put_policy, _read_policy, _delete_policy),
    "aws_sns_topic_subscription": Kind(
        _subscribe,
        _read_subscription,
        lambda aws, prior: aws("sns").unsubscribe(SubscriptionArn=prior["arn"]),
    ),
}
