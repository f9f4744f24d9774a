"""A mail server in this process, to which Airflow's connection for mail points."""

import email
import email.policy
import json
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Mailbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on a free port, and Airflow's connection to it."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:  # aiosmtpd connects to the port it was given, so not to 0
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    extra = {"from_email": "snowmelt@example.com", "disable_ssl": True, "disable_tls": True, "retry_limit": 0}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
    yield box
    server.stop()


def text(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body = mail.get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())
