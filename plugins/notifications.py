"""Who is told of a failure or a delay, and what: by Airflow's notifiers for mail and SNS, where they are configured."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow.sdk.log import redact

from snowmelt.environment import NotifySettings
from snowmelt.settings import read

if TYPE_CHECKING:
    from airflow.sdk import BaseNotifier, Context

LONGEST_FACT = 4_000
LONGEST_SUBJECT = 100
"""Characters; SNS takes no more."""

_RUNBOOK = re.compile(r"docs/runbooks/([\w-]+\.md)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: one line, and a text that says what happened, where, why and what to do."""

    subject: str
    text: str

    @classmethod
    def of(cls, what: str, how: str, facts: Mapping[str, str]) -> Notice:
        """Facts without a value are left out; of the others, secrets that Airflow knows are."""
        lines = (f"{name}: {str(redact(value))[:LONGEST_FACT]}" for name, value in facts.items() if value)
        return cls(f"snowmelt: {what} {how}"[:LONGEST_SUBJECT], "\n".join(lines))


def failure(context: Context, runbooks: str) -> Notice:
    """The failed task of the context, its error in its own words, and the runbook of its DAG."""
    ti, dag = context["ti"], context["dag"]
    task = ti.task_id if ti.map_index is None or ti.map_index < 0 else f"{ti.task_id}[{ti.map_index}]"
    error = context.get("exception")
    facts = {
        "DAG": dag.dag_id,
        "Task": f"{task}, try {ti.try_number}",
        "Run": ti.run_id,
        "Error": "its process ended without a word" if error is None else str(error) or type(error).__name__,
        "Runbook": links(runbook_names(dag.doc_md), runbooks),
        "Log": ti.log_url,
    }
    return Notice.of(f"{dag.dag_id}.{task}", "failed", facts)


def delay(context: Mapping[str, Any], names: Sequence[str], runbooks: str) -> Notice:
    """The run of the context, which is not done in time."""
    run, due = context["dag_run"], context["deadline"]["deadline_time"]
    facts = {
        "DAG": run["dag_id"],
        "Run": run["dag_run_id"],
        "Delay": f"{run['state']}, and should have been done by {due:%Y-%m-%d %H:%M:%S} UTC",
        "Runbook": links(names, runbooks),
    }
    return Notice.of(run["dag_id"], "is late", facts)


def runbook_names(doc: str | None) -> list[str]:
    """The runbooks that a DAG's documentation names, each once."""
    return list(dict.fromkeys(_RUNBOOK.findall(doc or "")))


def links(names: Sequence[str], runbooks: str) -> str:
    """Where these runbooks are."""
    return ", ".join(f"{runbooks.rstrip('/')}/{name}" for name in names)


def tell_of_failure(context: Context) -> None:
    """For ``on_failure_callback``, which a task has called after its last try."""
    settings = read(NotifySettings, None, os.environ, "SNOWMELT_NOTIFY")
    tell(failure(context, settings.runbooks), settings)


def tell_of_delay(context: Mapping[str, Any], names: Sequence[str]) -> None:
    """For a deadline. ``names`` are the DAG's runbooks: the context of a deadline has no documentation."""
    settings = read(NotifySettings, None, os.environ, "SNOWMELT_NOTIFY")
    tell(delay(context, names, settings.runbooks), settings)


def tell(notice: Notice, settings: NotifySettings) -> None:
    """Tells all who are configured, each whatever becomes of the others."""
    for notifier in notifiers(settings):
        try:
            notifier({"notice": notice})
        except Exception:
            log.exception("%s told nobody: %s", type(notifier).__name__, notice.subject)


def notifiers(settings: NotifySettings) -> Iterator[BaseNotifier]:
    """Airflow's notifiers as configured.

    Their texts are templates. An error can hold anything, an event's own words too, so it is never part of one: the
    templates are ours, and the notice is a value in them.
    """
    if addresses := [address.strip() for address in settings.mail_to.split(",") if address.strip()]:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        yield SmtpNotifier(
            to=addresses, subject="{{ notice.subject }}", html_content="<pre>{{ notice.text | escape }}</pre>"
        )
    if settings.sns_topic:
        from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

        yield SnsNotifier(
            target_arn=settings.sns_topic,
            region_name=settings.sns_topic.split(":")[3],
            subject="{{ notice.subject }}",
            message="{{ notice.text }}",
        )
