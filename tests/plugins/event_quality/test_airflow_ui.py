"""The view as people meet it: in the menu of Airflow's own UI, in Chromium, on a server of its own process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests.browsers.browsers import CHROMIUM_FLAGS
from tests.browsers.machine import program
from tests.browsers.traffic import Traffic
from tests.plugins.event_quality.warehouses import HOSTILE, MadeBadRow, MadeRun

from snowmelt.loader.manifest import State

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]

HELD, OTHER = MadeRun("held", State.HELD, reason=HOSTILE), MadeRun("other", State.HELD)
PATIENCE_S = 120


@contextmanager
def serving(api, port: int) -> Iterator[str]:
    """The address of Airflow's API server, as a process of its own on the same workspace."""
    address = f"http://127.0.0.1:{port}"
    environ = os.environ | {"AIRFLOW__API__PORT": str(port), "AIRFLOW__API__BASE_URL": address}
    log = api.workspace.run_logs / "airflow-api.log"
    command = [sys.executable, "-m", "airflow", "api-server", "--workers", "1"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(command, env=environ, stdout=sink, stderr=sink, start_new_session=True) as process,
    ):
        try:
            wait_until_healthy(process, f"{address}/api/v2/monitor/health", log)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE_S)


def wait_until_healthy(process, address, log):
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(address, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"Airflow's API server does not answer:\n{log.read_text(encoding='utf-8')[-2_000:]}")


def log_in(page, address, name):
    page.goto(address)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").first.fill(f"{name}'s password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Event quality").first.click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Event quality").wait_for()
    return frame


def test_a_held_run_is_released_from_the_menu(api, publish, unused_tcp_port):
    chromium = program("chromium", "chromium-browser", "google-chrome")
    publish([MadeRun("a", bad_rows=[MadeBadRow(message=HOSTILE)]), HELD, OTHER])
    said = []
    with serving(api, unused_tcp_port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        ada, vera = browser.new_context(), browser.new_context()
        traffic = Traffic.of(ada)
        page = ada.new_page()
        page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
        frame = log_in(page, address, "ada")
        frame.get_by_text("alert(1)").first.wait_for()
        frame.locator("article", has_text=HELD.run).get_by_role("button", name="Release…").click()
        frame.get_by_role("heading", name="Release this run?").wait_for()
        assert api.dag_runs() == []
        frame.get_by_label("Why?").fill("the toaster is ours")
        frame.get_by_role("button", name="Release it").click()
        frame.get_by_text("ada decided to release it").wait_for()
        for path in ("", f"runs/{OTHER.run}/drop"):
            page.goto(f"{address}/event_quality/{path}")
            assert serious(page) == []
        frame = log_in(vera.new_page(), address, "vera")
        frame.get_by_text(HELD.run).first.wait_for()
        assert frame.get_by_role("button", name="Drop…").count() == 0
        browser.close()
    ((user, state, conf, _),) = api.dag_runs()
    assert (user, state) == ("ada", "queued")
    assert conf == {"run": HELD.run, "decision": "release", "decided_by": "ada", "why": "the toaster is ours"}
    assert said == []
    assert traffic.outside == []


def serious(page):
    """What axe finds serious on the page."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
