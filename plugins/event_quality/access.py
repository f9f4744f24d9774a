"""Who may see the view, who may decide, and which requests come from a page of ours.

Airflow's own rules: who may read the DAG `check_events` reads the view, who may trigger `decide_run` decides. Airflow
knows the user by its token, in its cookie or in a header; its middleware and its auth manager serve mounted apps too.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.auth.tokens import get_signing_key
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from airflow.configuration import conf
from airflow.models.dag import DagModel
from fastapi import Depends, HTTPException, Request, status

from event_quality.tokens import Tokens

READ_DAG: Final = "check_events"
DECIDE_DAG: Final = "decide_run"

User = Annotated[BaseUser, Depends(get_user)]
"""Who is logged in. Without anybody the answer is 401."""

MayRead = Depends(requires_access_dag(method="GET", param_dag_id=READ_DAG))
MayDecide = Depends(
    requires_access_dag(method="POST", access_entity=DagAccessEntity.RUN, param_dag_id=DECIDE_DAG),
)
"""As Airflow asks of who triggers a DAG."""


def may_decide(user: BaseUser) -> bool:
    """Whether the user is to be offered a decision at all."""
    details = DagDetails(id=DECIDE_DAG, team_name=DagModel.get_team_name(DECIDE_DAG))
    return get_auth_manager().is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=details, user=user
    )


def log_in_at(request: Request) -> str:
    """Where one logs in, to come back to this page."""
    return get_auth_manager().get_url_login(next_url=str(request.url))


def from_our_page(request: Request) -> None:
    """Refuses what another site's page sends. Every browser tells the origin of a form it sends."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = urlsplit(request.headers.get("origin", "")).netloc
    ours = {request.url.netloc, urlsplit(conf.get("api", "base_url", fallback="")).netloc}
    if site != "same-origin" or not origin or origin not in ours:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This was not sent by a page of this Airflow.")


def own_hosts() -> list[str] | None:
    """The names this Airflow goes by where everybody is an admin; None where one logs in."""
    if not conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False):
        return None
    named = urlsplit(conf.get("api", "base_url", fallback="")).hostname
    return ["localhost", "127.0.0.1", "[::1]", *([named] if named else [])]


def tokens() -> Tokens:
    """Tokens by the secret that Airflow's API server has."""
    return Tokens(get_signing_key("api", "secret_key"))


def session_of(request: Request, user: BaseUser) -> tuple[str, str]:
    """What tells this login from any other: the user, and the token in the cookie where there is one."""
    return user.get_id(), request.cookies.get(COOKIE_NAME_JWT_TOKEN, "")
