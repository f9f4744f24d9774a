"""What is told of a failure, to whom, and that a mail server and SNS receive it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.mailbox import Mailbox, text

from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports

REGION = "eu-central-1"
DOC = "### If it fails\nSee `docs/runbooks/held-run.md`, and again `docs/runbooks/held-run.md`."


@pytest.fixture
def notifications(airflow_home: Workspace, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import notifications

    for name in ("MAIL_TO", "SNS_TOPIC", "RUNBOOKS"):
        monkeypatch.delenv(f"SNOWMELT_NOTIFY_{name}", raising=False)
    return notifications


class Topic:
    """An SNS topic with a queue that subscribes to it."""

    def __init__(self, endpoint: str) -> None:
        account = {"aws_access_key_id": "id", "aws_secret_access_key": "key", "region_name": REGION}
        sns = boto3.client("sns", endpoint_url=endpoint, **account)
        self._sqs = boto3.client("sqs", endpoint_url=endpoint, **account)
        self.arn = sns.create_topic(Name="failures")["TopicArn"]
        self._queue = self._sqs.create_queue(QueueName="seen")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=attributes["QueueArn"])

    def messages(self) -> list[dict[str, Any]]:
        received = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in received]


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """SNS and SQS on a free port, and Airflow's connection to them."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    connection = {"conn_type": "aws", "login": "id", "password": "key", "extra": {"endpoint_url": endpoint}}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
    yield Topic(endpoint)
    server.stop()


def context(error: BaseException | str | None, map_index: int = -1) -> dict[str, Any]:
    from airflow.sdk import DAG

    ti = SimpleNamespace(
        task_id="check_run",
        map_index=map_index,
        try_number=3,
        run_id="asset_triggered__2026-03-01",
        log_url="http://127.0.0.1:8082/dags/check_events",
    )
    return {"ti": ti, "dag": DAG("check_events", schedule=None, doc_md=DOC), "exception": error}


def test_a_notice_says_what_where_why_and_what_to_do(notifications: ModuleType) -> None:
    notice = notifications.failure(context(ValueError("run=1 is held"), 2), "https://docs.example/runbooks/")
    assert notice.subject == "snowmelt: check_events.check_run[2] failed"
    assert notice.text.splitlines() == [
        "DAG: check_events",
        "Task: check_run[2], try 3",
        "Run: asset_triggered__2026-03-01",
        "Error: run=1 is held",
        "Runbook: https://docs.example/runbooks/held-run.md",
        "Log: http://127.0.0.1:8082/dags/check_events",
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError(), "KeyError"),
        ("killed by signal 9", "killed by signal 9"),
        (None, "its process ended without a word"),
        (ValueError("x" * 10_000), "x" * 4_000),
    ],
)
def test_whatever_the_error_something_is_said(notifications: ModuleType, error: BaseException | str, said: str) -> None:
    notice = notifications.failure(context(error), notifications.NotifySettings().runbooks)
    assert f"\nError: {said}\nRunbook: docs/runbooks/held-run.md\n" in notice.text


def test_a_run_that_is_late_is_told_as_airflow_tells_it(
    notifications: ModuleType, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow._shared.module_loading import import_string

    from orchestration import deadline

    monkeypatch.setenv("SNOWMELT_NOTIFY_MAIL_TO", "one@example.com")
    callback = deadline(timedelta(minutes=20), DOC).callback
    due = datetime(2026, 3, 1, 12, 20, tzinfo=UTC)
    run = {"dag_id": "check_events", "dag_run_id": "manual__1", "state": "running"}
    import_string(callback.path)(context={"dag_run": run, "deadline": {"deadline_time": due}}, **callback.kwargs)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "snowmelt: check_events is late"
    assert "Delay: running, and should have been done by 2026-03-01 12:20:00 UTC\n" in text(mail)
    assert "Runbook: docs/runbooks/held-run.md" in text(mail)


def test_nothing_configured_tells_nobody(notifications: ModuleType) -> None:
    assert list(notifications.notifiers(notifications.NotifySettings())) == []
    notifications.tell_of_failure(context(ValueError("nobody hears")))


def test_a_topic_is_an_arn(notifications: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWMELT_NOTIFY_SNS_TOPIC", "failures")
    with pytest.raises(SettingsError, match="SNOWMELT_NOTIFY_SNS_TOPIC"):
        notifications.tell_of_failure(context(ValueError("bad setting")))


def test_mail_and_topic_receive_it_word_for_word_but_for_secrets(
    notifications: ModuleType, mailbox: Mailbox, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.sdk.log import mask_secret

    monkeypatch.setenv("SNOWMELT_NOTIFY_MAIL_TO", "one@example.com, two@example.com")
    monkeypatch.setenv("SNOWMELT_NOTIFY_SNS_TOPIC", topic.arn)
    mask_secret("correct horse battery")
    word = "no login with 'correct horse battery' at {{ conn.smtp_default.password }} & <b>{{ 7 * 7 }}</b>"
    notifications.tell_of_failure(context(ValueError(word)))

    shown = "no login with '***' at {{ conn.smtp_default.password }} & <b>{{ 7 * 7 }}</b>"
    (mail,) = mailbox.mails
    assert mail["To"] == "one@example.com, two@example.com"
    assert mail["Subject"] == "snowmelt: check_events.check_run failed"
    assert f"Error: {escaped(shown)}\n" in text(mail)
    (message,) = topic.messages()
    assert message["Subject"] == "snowmelt: check_events.check_run failed"
    assert f"Error: {shown}\n" in message["Message"]


def test_a_mail_server_that_is_down_keeps_nobody_else_from_hearing(
    notifications: ModuleType,
    mailbox: Mailbox,
    topic: Topic,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nobody = {"conn_type": "smtp", "host": "127.0.0.1", "port": 1, "extra": {"from_email": "a@b", "retry_limit": 0}}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(nobody))
    monkeypatch.setenv("SNOWMELT_NOTIFY_MAIL_TO", "one@example.com")
    monkeypatch.setenv("SNOWMELT_NOTIFY_SNS_TOPIC", topic.arn)
    notifications.tell_of_failure(context(ValueError("run=1 is held")))
    assert "SmtpNotifier told nobody: snowmelt: check_events.check_run failed" in caplog.text
    assert mailbox.mails == []
    assert len(topic.messages()) == 1


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
