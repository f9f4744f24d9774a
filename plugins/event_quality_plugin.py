"""What Airflow loads as a plugin: the view *Event quality* in its menu. The only such module here."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

PREFIX = "event_quality"


class EventQualityPlugin(AirflowPlugin):
    """A menu entry, and the application behind it, which only the API server imports."""

    name = "event_quality"
    external_views = [  # noqa: RUF012 - as Airflow declares it
        {"name": "Event quality", "href": f"{PREFIX}/", "destination": "nav", "url_route": PREFIX}
    ]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The application and where it is mounted."""
        from event_quality.app import application

        return [{"app": application(), "url_prefix": f"/{PREFIX}", "name": "Event quality"}]

    @cached_property
    def fastapi_root_middlewares(self) -> list[dict[str, Any]]:
        """Where nobody logs in, on a laptop: that only a page of this machine asks.

        Another site's page could give its own name the address of this machine, and would be an admin here.
        """
        from starlette.middleware.trustedhost import TrustedHostMiddleware

        from event_quality.access import own_hosts

        if (hosts := own_hosts()) is None:
            return []
        return [{"middleware": TrustedHostMiddleware, "args": [], "kwargs": {"allowed_hosts": hosts}, "name": "Hosts"}]
