"""The plugin: the menu's entry, and that loading it costs other processes nothing."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


def test_the_menu_has_the_view(api):
    found = api.person("vera").get("/api/v2/plugins").json()["plugins"]
    (plugin,) = [plugin for plugin in found if plugin["name"] == "event_quality"]
    (view,) = plugin["external_views"]
    assert (view["name"], view["destination"], view["href"]) == ("Event quality", "nav", "event_quality/")
    assert plugin["source"].endswith("event_quality_plugin.py")
    assert api.person("vera").get("/api/v2/plugins/importErrors").json()["import_errors"] == []


@pytest.mark.parametrize(("everybody", "hosts"), [("True", ["localhost", "127.0.0.1", "[::1]"]), ("False", None)])
def test_where_nobody_logs_in_it_is_asked_by_its_own_names_only(airflow_home, monkeypatch, everybody, hosts):
    from event_quality.access import own_hosts
    from event_quality_plugin import EventQualityPlugin

    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", everybody)
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://localhost:8082")
    found = own_hosts()
    assert (found and found[:3]) == hosts
    assert [one["kwargs"] for one in EventQualityPlugin().fastapi_root_middlewares] == (
        [{"allowed_hosts": found}] if found else []
    )


def test_tasks_and_schedulers_do_not_import_the_application(root):
    program = (
        "import sys, event_quality_plugin as p; p.EventQualityPlugin().external_views; "
        "print([m for m in sys.modules if m in ('event_quality.app', 'duckdb')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root / "plugins", capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
