"""What the checks found, kept as JSON beside the dashboard: one file a subject, newest judgement wins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from suites import Outcome, Severity, failed


def write(reports: Path, subject: str, outcomes: Sequence[Outcome]) -> Path:
    """Writes ``checks/<subject>.json`` whole and gives its path."""
    file = reports / "checks" / f"{subject}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "subject": subject,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "stopped": len(failed(outcomes, Severity.STOP)),
        "warned": len(failed(outcomes, Severity.WARN)),
        "expectations": [_entry(outcome) for outcome in outcomes],
    }
    written = file.with_suffix(".unfinished")
    written.write_text(json.dumps(report, indent=2, default=str) + "\n", encoding="utf-8")
    written.replace(file)
    return file


def _entry(outcome: Outcome) -> dict[str, Any]:
    expectation = outcome.expectation
    entry = {
        "expectation": expectation.name,
        "arguments": expectation.arguments,
        "severity": expectation.severity,
        "why": expectation.why,
        "success": outcome.success,
        "checked": outcome.checked,
        "unexpected": outcome.unexpected,
        "observed": outcome.observed,
        "examples": outcome.examples or None,
        "error": outcome.error,
    }
    return {key: value for key, value in entry.items() if value is not None}
