"""The view's application: the page, the confirmation of a decision, and asking for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from airflow.exceptions import AirflowException
from fastapi import Depends, FastAPI, Form, HTTPException, Query, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from event_quality import access, dag_runs, quality_copy
from event_quality.decisions import Decision
from event_quality.pages import FOLDER, STYLE, page
from event_quality.quality_copy import Numbers, RunBooks
from event_quality.verdict import Sum, verdict
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.manifest import State
from snowmelt.workspace import Workspace
from warehouse import STATEMENTS

PAGE_SIZE: Final = 25
MOST_HELD: Final = 100
DECISIONS_SHOWN: Final = 10

_SQL = STATEMENTS / "duckdb"

log = logging.getLogger(__name__)

Number = Annotated[int, Query(ge=1, le=100_000)]
Text = Annotated[str, Query(max_length=1_000)]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the page's two lists is shown: runs of a state, causes of a kind and an application, page by page."""

    state: str
    runs: int
    kind: str
    app: str
    causes: int

    def link(self, **changes: object) -> str:
        """The query of the same page with something else chosen."""
        chosen = {name: getattr(self, name) for name in self.__slots__} | changes
        return "?" + urlencode({name: str(value) for name, value in chosen.items() if value not in ("", 1)})


def application() -> FastAPI:
    """The application, for Airflow's API server to mount."""
    app = FastAPI(title="Event quality", openapi_url=None)
    app.add_exception_handler(AnyHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(LoaderError, _unreadable)
    app.get("/", dependencies=[access.MayRead])(overview)
    app.get("/runs/{run}/{decision}", dependencies=[access.MayRead, access.MayDecide])(confirm)
    app.post("/runs/{run}/{decision}", dependencies=[access.MayRead, access.MayDecide, Depends(access.from_our_page)])(
        decide
    )
    app.get("/style.css")(lambda: FileResponse(STYLE))
    app.get("/event_quality.css")(lambda: FileResponse(FOLDER / "event_quality.css"))
    return app


def overview(
    request: Request,
    user: access.User,
    state: State | Literal[""] = "",
    runs: Number = 1,
    kind: Text = "",
    app: Text = "",
    causes: Number = 1,
) -> Response:
    """Everything at a glance: the verdict, held runs, books, and bad rows by cause."""
    copy = _copy()
    made = quality_copy.moment_of(copy)
    if made is None:
        return page(request, "empty.html")
    loading, choice = dag_runs.loading(), Choice(state, runs, kind, app, causes)
    with quality_copy.reading(copy, _SQL) as numbers:
        found = Sum.of(numbers.totals())
        remarks = verdict(
            found,
            made,
            datetime.now(UTC),
            failed=loading.failed,
            paused=dag_runs.LOAD_DAG in loading.paused,
        )
        decisions = dag_runs.decisions()
        return page(
            request,
            "overview.html",
            made=made,
            remarks=remarks,
            sum=found,
            states=list(State),
            may_decide=access.may_decide(user),
            deciding_paused=access.DECIDE_DAG in loading.paused,
            held=numbers.runs(State.HELD, MOST_HELD, 0),
            pending={asked.run: asked for asked in decisions if asked.pending},
            decisions=decisions[:DECISIONS_SHOWN],
            choice=choice,
            page_size=PAGE_SIZE,
            **_lists(numbers, choice),
        )


def confirm(request: Request, user: access.User, run: str, decision: Decision) -> Response:
    """What will happen, before it does. Changes nothing."""
    return page(
        request,
        "decide.html",
        run=_held(run),
        decision=decision.value,
        token=access.tokens().issue(
            datetime.now(UTC).timestamp(), *access.session_of(request, user), run, decision.value
        ),
    )


def decide(
    request: Request,
    user: access.User,
    run: str,
    decision: Decision,
    token: Annotated[str, Form(max_length=200)] = "",
    why: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Asks for the decision to be carried out, once."""
    subject = (*access.session_of(request, user), run, decision.value)
    if not access.tokens().admits(token, datetime.now(UTC).timestamp(), *subject):
        raise HTTPException(
            status.HTTP_403_FORBIDDEN, "This page was open for too long, or you logged in anew. Go back and try again."
        )
    if not why.strip():
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "Say why: whoever asks later will want to know.")
    _held(run)
    try:
        asked = dag_runs.ask(run, decision.value, user.get_name(), why.strip())
    except (AirflowException, ValueError) as error:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, f"Airflow did not take the decision: {error}"
        ) from error
    log.info("%s asked to %s %s: %s", user.get_name(), decision.value, run, asked)
    return RedirectResponse(f"{request.scope['root_path']}/#held", status.HTTP_303_SEE_OTHER)


def _lists(numbers: Numbers, choice: Choice) -> dict[str, Any]:
    """The two long lists, a page of each."""
    chosen = (choice.kind, choice.app)
    count, rows = numbers.count_causes(*chosen)
    kinds = numbers.kinds()
    return {
        "runs": numbers.runs(choice.state, PAGE_SIZE, (choice.runs - 1) * PAGE_SIZE),
        "causes": numbers.causes(*chosen, PAGE_SIZE, (choice.causes - 1) * PAGE_SIZE),
        "count_causes": count,
        "count_rows": rows,
        "kinds": sorted({kind for kind, _ in kinds}),
        "apps": sorted({app for _, app in kinds if app}),
        "most_causes": quality_copy.MOST_CAUSES,
    }


def _held(run: str) -> RunBooks:
    """The run, if it is held and nobody decided yet. Raises HTTPException."""
    copy = _copy()
    if quality_copy.moment_of(copy) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Nothing is published yet, so there is no run to decide.")
    with quality_copy.reading(copy, _SQL) as numbers:
        found = numbers.run(run)
    if found is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no run {run}.")
    if found.state is not State.HELD:
        raise HTTPException(status.HTTP_409_CONFLICT, f"{run} is {found.state} by now: nothing is left to decide.")
    for asked in dag_runs.decisions():
        if asked.run == run and asked.pending:
            raise HTTPException(
                status.HTTP_409_CONFLICT, f"{asked.decided_by} has decided to {asked.decision} {run} already."
            )
    return found


def _copy() -> Path:
    return quality_copy.quality_copy(Workspace.from_environment())


_TITLES: Final = {401: "Log in first", 403: "Not allowed", 404: "Not found", 409: "Already decided"}


async def _refused(request: Request, error: Exception) -> Response:
    """An error of HTTP as a page: what it is, and where to go on."""
    if isinstance(error, AnyHTTPException):
        code, said = error.status_code, str(error.detail)
    else:
        code, said = status.HTTP_400_BAD_REQUEST, "Something is missing or too long. Go back and fill in the form."
    log_in = access.log_in_at(request) if code == status.HTTP_401_UNAUTHORIZED else None
    return page(request, "message.html", code, title=_TITLES.get(code, "That does not work"), text=said, log_in=log_in)


async def _unreadable(request: Request, error: Exception) -> Response:
    """The copy is there and cannot be read."""
    log.error("the copy of the numbers cannot be read: %s", error)
    text = (
        "The copy of the numbers cannot be read. The next run of load_events makes it anew; its log says if it cannot."
    )
    return page(
        request,
        "message.html",
        status.HTTP_503_SERVICE_UNAVAILABLE,
        title="The numbers cannot be read",
        text=text,
        log_in=None,
    )
