"""What is compared of our answers and the recorded ones: of good rows every column, of bad rows all but the wording."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from snowmelt.enrich.event_ids import event_id
from snowmelt.enrich.pipeline import Bad, Good, Item
from snowmelt.protocol.atomic import COLUMNS, INDEX, JSON_COLUMNS

NOT_COMPARED = frozenset({"v_etl", "event_id"})
"""The application's own name, and the id: where the tracker sent none, it is random there."""


def differences(items: list[Item], recorded: dict[str, Any], position: str) -> Iterator[str]:
    """Each difference between our items and a recorded answer, as a sentence."""
    order = ["good" if isinstance(item, Good) else "bad" for item in items]
    if order != recorded["order"]:
        rows = [json.dumps(item.row.failure, default=str)[:500] for item in items if isinstance(item, Bad)]
        yield f"order is {order} instead of {recorded['order']}: {rows}"
        return
    for good, line in zip([item for item in items if isinstance(item, Good)], recorded["good"], strict=True):
        made = event_id(base64.b64decode(recorded["record"]), position, good.index)
        sent = line.split("\t")[INDEX["event_id"]]
        if good.event["event_id"] not in (made, sent):
            yield f"event_id is {good.event['event_id']} instead of {sent}"
        yield from _of_columns(good.event.to_tsv(), line)
    for bad, row in zip([item for item in items if isinstance(item, Bad)], recorded["bad"], strict=True):
        yield from _of_rows(json.loads(bad.row.to_json()), row)


def _of_columns(ours: str, theirs: str) -> Iterator[str]:
    for column, our, their in zip(COLUMNS, ours.split("\t"), theirs.split("\t"), strict=True):
        if our != their and column.name not in NOT_COMPARED:
            yield f"{column.name} is {our!r} instead of {their!r}"


def _of_rows(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    if _said(ours) != _said(theirs):
        yield f"said {_said(ours)} instead of {_said(theirs)}"
    ours, theirs = ours["data"]["payload"], theirs["data"]["payload"]
    if isinstance(theirs, str) or "enriched" not in theirs:
        if ours != theirs:
            yield f"payload {ours} instead of {theirs}"
        return
    for name, their in theirs["enriched"].items():
        our = ours["enriched"][name]
        if name in JSON_COLUMNS:  # a webhook's data has the order of a hash table there
            our, their = our and json.loads(our), their and json.loads(their)
        if our != their and name not in NOT_COMPARED:
            yield f"enriched.{name} is {our!r} instead of {their!r}"


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    """The type of a bad row, the API, and its messages without their wording and their order."""
    failure = row["data"]["failure"]
    messages = failure.get("messages") or [failure["message"]]
    return row["schema"], failure.get("vendor"), failure.get("version"), sorted(map(repr, map(_message, messages)))


def _message(message: dict[str, Any]) -> Any:
    if "enrichment" in message:
        enrichment = message["enrichment"]
        return enrichment and enrichment["identifier"], _message(message["message"])
    if "dataReports" in (error := message.get("error") or {}):
        return message["schemaKey"], error.get("supersededBy"), sorted(map(_report, error["dataReports"]))
    if isinstance(error, dict) and error:
        return message["schemaKey"], sorted(error)
    wording = {"expectation", "error"} if "json" not in message else set()
    return sorted((name, str(value)) for name, value in message.items() if name not in wording)


def _report(report: dict[str, Any]) -> tuple[Any, ...]:
    """Where and which keyword. The targets of a format are a regular expression of theirs."""
    targets = () if report["keyword"] == "format" else tuple(report["targets"])
    return report["path"], str(report["keyword"]), targets
