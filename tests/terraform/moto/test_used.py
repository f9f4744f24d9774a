"""What was applied is used as the platform uses it: records, messages, mails, objects, transactions, log lines.

Our own code has no path to AWS yet that could be run here: collector and enrich write to local streams, the lake to a
folder (`snowmelt.lake.store` has the seam), the loader reads a folder. So boto3 stands in for it, with the calls and
the names that it will use. The one exception, Airflow's notifier for SNS, is run in
`tests/plugins/test_notifications.py`.
"""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from tests.terraform.moto.conftest import Platform

from snowmelt.logs import OneLine

SOURCE = Path(__file__).parents[3] / "src" / "snowmelt"


def test_our_code_has_no_path_to_aws_yet() -> None:
    imports = re.compile(r"^\s*(?:import|from) (?:boto3|botocore|aiobotocore|obstore)\b", re.M)
    found = [str(file) for file in SOURCE.rglob("*.py") if imports.search(file.read_text("utf-8"))]
    assert found == [], "run it here against what was applied, instead of boto3"


def test_a_record_goes_through_the_raw_stream(platform: Platform) -> None:
    kinesis, stream = platform.aws("kinesis"), {"StreamName": "snowmelt-all-raw"}
    put = kinesis.put_records(**stream, Records=[{"Data": b"payload", "PartitionKey": "1"}])
    assert put["FailedRecordCount"] == 0
    shard = put["Records"][0]["ShardId"]
    start = kinesis.get_shard_iterator(**stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [record["Data"] for record in kinesis.get_records(ShardIterator=start)["Records"]] == [b"payload"]


def test_a_run_is_announced_once_and_dies_after_three_receives(platform: Platform) -> None:
    sqs = platform.aws("sqs")
    live = {"QueueUrl": platform.state.one("aws_sqs_queue", name="snowmelt-all-loads.fifo")["url"]}
    dead = {"QueueUrl": platform.state.one("aws_sqs_queue", name="snowmelt-all-loads-dead.fifo")["url"]}
    run = "run=2026-11-25-08-00-00"
    for _ in range(2):
        sqs.send_message(**live, MessageBody=run, MessageGroupId=run, MessageDeduplicationId=run)
    for _ in range(3):
        messages = sqs.receive_message(**live, MaxNumberOfMessages=10, WaitTimeSeconds=0)["Messages"]
        assert [message["Body"] for message in messages] == [run]
        sqs.change_message_visibility(**live, ReceiptHandle=messages[0]["ReceiptHandle"], VisibilityTimeout=0)
    assert "Messages" not in sqs.receive_message(**live, WaitTimeSeconds=0)
    (letter,) = sqs.receive_message(**dead, WaitTimeSeconds=0)["Messages"]
    assert letter["Body"] == run
    sqs.delete_message(**dead, ReceiptHandle=letter["ReceiptHandle"])


def test_both_topics_take_a_message_and_name_the_addresses(platform: Platform) -> None:
    sns = platform.aws("sns")
    for name in ("alarms", "fallback"):
        topic = platform.state.one("aws_sns_topic", name=f"snowmelt-all-{name}")["arn"]
        assert sns.publish(TopicArn=topic, Subject="ALARM", Message="queue is old")["MessageId"]
        told = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        assert {s["Endpoint"] for s in told} == {"ops@example.com", "data@example.com"}


@pytest.mark.parametrize("database", ["iglu", "airflow"])
def test_a_database_has_the_password_that_its_secret_holds(platform: Platform, database: str) -> None:
    secret = platform.aws("secretsmanager").get_secret_value(SecretId=f"snowmelt-all/{database}-db")["SecretString"]
    made = {r.values["id"]: r.values["db_name"] for r in platform.state.of("aws_db_instance")}
    passwords = {
        made[written.id]: written.value
        for written in platform.cloud.secrets
        if (written.type, written.attribute) == ("aws_db_instance", "password_wo")
    }
    assert len(secret) >= 30
    assert passwords[database] == secret
    assert secret not in platform.stack.state_text
    assert secret not in platform.stack.plan_text


def test_the_registry_key_is_a_uuid_and_no_two_secrets_are_alike(platform: Platform) -> None:
    manager = platform.aws("secretsmanager")
    ids = [version["secret_id"] for version in platform.state.of("aws_secretsmanager_secret_version")]
    found = [manager.get_secret_value(SecretId=id_) for id_ in ids]
    texts = {secret["Name"]: secret["SecretString"] for secret in found}
    assert len(set(texts.values())) == len(texts) == len(ids) > 1
    assert re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", texts["snowmelt-all/iglu-api-key"])


@pytest.fixture
def open_lake(platform: Platform) -> Iterator[str]:
    """The lake's bucket without its policy: moto obeys a Deny and does not read its conditions."""
    bucket = platform.state.one("aws_s3_bucket")["bucket"]
    policy = platform.aws("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    platform.aws("s3").delete_bucket_policy(Bucket=bucket)
    yield bucket
    platform.aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy)


def test_a_run_folder_is_completed_once(platform: Platform, open_lake: str) -> None:
    s3, bucket = platform.aws("s3"), {"Bucket": open_lake}
    s3.put_object(**bucket, Key="run=1/part.parquet", Body=b"PAR1")
    marker = {**bucket, "Key": "run=1/shredding_complete.json"}
    s3.put_object(**marker, Body=b"{}", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(**marker, Body=b"{}", IfNoneMatch="*")
    assert s3.get_object(**bucket, Key="run=1/part.parquet")["Body"].read() == b"PAR1"


def test_an_object_gets_the_key_of_the_lake(platform: Platform, open_lake: str) -> None:
    s3, bucket = platform.aws("s3"), {"Bucket": open_lake}
    put = s3.put_object(**bucket, Key="run=2/part.parquet", Body=b"PAR1")
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", platform.key)


def test_a_checkpoint_and_its_run_are_committed_together_or_not_at_all(platform: Platform) -> None:
    dynamodb, table = platform.aws("dynamodb"), "snowmelt-all-runs"

    def commit(epoch: str, run: str) -> None:
        lease = {
            "TableName": table,
            "Key": {"pk": {"S": "lease#shard-0"}},
            "UpdateExpression": "SET epoch = :next",
            "ConditionExpression": "attribute_not_exists(pk) OR epoch < :next",
            "ExpressionAttributeValues": {":next": {"N": epoch}},
        }
        row = {
            "TableName": table,
            "Item": {"pk": {"S": run}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        dynamodb.transact_write_items(TransactItems=[{"Update": lease}, {"Put": row}])

    commit("1", "run#1")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        commit("1", "run#2")
    assert "Item" in dynamodb.get_item(TableName=table, Key={"pk": {"S": "run#1"}})
    assert "Item" not in dynamodb.get_item(TableName=table, Key={"pk": {"S": "run#2"}}), "the late worker wrote nothing"


def _line(level: int, message: str) -> str:
    """What our own logger writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    handler.handle(logging.LogRecord("snowmelt.collector", level, __file__, 1, message, None, None))
    return stream.getvalue().strip()


def test_the_filter_finds_our_errors_and_nothing_else(platform: Platform) -> None:
    logs, group = platform.aws("logs"), {"logGroupName": "/snowmelt-all/collector"}
    lines = [
        _line(logging.INFO, "a client sent the word ERROR"),
        _line(logging.ERROR, "the disk is full"),
        _line(logging.WARNING, "nearly an Error"),
    ]
    logs.create_log_stream(**group, logStreamName="i-1")
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group["logGroupName"])["logGroups"]
    start = found["creationTime"]
    events = [{"timestamp": start + index, "message": line} for index, line in enumerate(lines)]
    logs.put_log_events(**group, logStreamName="i-1", logEvents=events)
    (pattern,) = [f["filterPattern"] for f in logs.describe_metric_filters(**group)["metricFilters"]]
    matched = logs.filter_log_events(**group, filterPattern=pattern)["events"]
    assert [event["message"] for event in matched] == [lines[1]]
