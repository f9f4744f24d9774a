"""The pages as HTML. Whatever an event brought is text here: templates escape all they are given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from event_quality.samples import masked_text, sample

FOLDER: Final = Path(__file__).with_name("templates")
STYLE: Final = Path(__file__).parents[2] / "web" / "style.css"

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""No script at all, nothing from elsewhere, shown in no frame but Airflow's, and kept nowhere."""


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """The template with these values as an answer."""
    html = _TEMPLATES.get_template(template).render(root=request.scope["root_path"], now=datetime.now(UTC), **values)
    return HTMLResponse(html, status, _HEADERS)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def _ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the one unit that says enough."""
    passed = max(now - moment, timedelta())
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if number := passed // length:
            return f"{_count(number, unit)} ago"
    return "just now"


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _share(share: float) -> str:
    return "0 %" if share == 0 else f"{share * 100:.2f} %" if share < 0.1 else f"{share * 100:.0f} %"


_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATES.filters |= {
    "moment": _moment,
    "ago": _ago,
    "share": _share,
    "number": "{:,}".format,
    "count": _count,
    "masked": masked_text,
    "sample": sample,
}
