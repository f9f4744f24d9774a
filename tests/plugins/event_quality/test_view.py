"""The view in Airflow's API server: who sees what, what a decision takes, and that hostile text stays text."""

import os
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from tests.plugins.event_quality.airflow_api import ORIGIN, token_in
from tests.plugins.event_quality.warehouses import HOSTILE, NOW, MadeBadRow, MadeRun

from snowmelt.loader.manifest import State

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports

VIEW = "/event_quality/"
HELD = MadeRun("held", State.HELD)
RUNS = [MadeRun("a", bad_rows=[MadeBadRow()] * 2), HELD]
RELEASE, DROP = (f"{VIEW}runs/{HELD.run}/{decision}" for decision in ("release", "drop"))
OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
WHY = "the toaster is ours"


def decide(client, where=RELEASE, why=WHY, headers=OWN, token=None):
    """Confirms as the page's form does."""
    token = token_in(client.get(where).text) if token is None else token
    return client.post(where, data={"token": token, "why": why}, headers=headers)


def test_nobody_sees_nothing(api, publish):
    publish(RUNS)
    for path in (VIEW, RELEASE, DROP):
        answer = api.anonymous().get(path)
        assert answer.status_code == 401
        assert HELD.run not in answer.text
        assert "/auth/login?next=" in answer.text
    answer = api.anonymous().post(RELEASE, data={"token": "x", "why": WHY}, headers=OWN)
    assert answer.status_code == 401
    assert api.dag_runs() == []


def test_every_route_with_data_asks_who_it_is(api):
    import event_quality_plugin

    (mounted,) = event_quality_plugin.EventQualityPlugin().fastapi_apps
    paths = {route.path.replace("{run}", HELD.run).replace("{decision}", "drop") for route in mounted["app"].routes}
    for path in paths - {"/style.css", "/event_quality.css"}:
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
            assert api.anonymous().request(method, VIEW + path[1:]).status_code in (401, 405), f"{method} {path}"


@pytest.mark.parametrize("cookie", ["", "nonsense", "a.b.c"])
def test_a_made_up_token_is_nobody(api, publish, cookie):
    publish(RUNS)
    client = api.anonymous()
    client.cookies.set("_token", cookie)
    answer = client.get(VIEW)
    assert answer.status_code in (401, 403)
    assert HELD.run not in answer.text


def test_a_viewer_reads_and_cannot_decide(api, publish):
    publish(RUNS)
    vera = api.person("vera")
    read = vera.get(VIEW)
    assert read.status_code == 200
    assert HELD.run in read.text
    assert "Release…" not in read.text
    assert vera.get(RELEASE).status_code == 403
    ada_s = token_in(api.person("ada").get(RELEASE).text)
    assert decide(vera, token=ada_s).status_code == 403
    assert api.dag_runs() == []


@pytest.mark.parametrize(("where", "decision"), [(RELEASE, "release"), (DROP, "drop")])
def test_a_decision_is_a_run_of_decide_run(api, publish, where, decision):
    publish(RUNS)
    ada = api.person("ada")
    assert f'action="{VIEW}runs/run%3D' in ada.get(VIEW).text
    assert "What will happen" in ada.get(where).text
    assert api.dag_runs() == []
    answer = decide(ada, where)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{VIEW}#held")
    asked = {"run": HELD.run, "decision": decision, "decided_by": "ada", "why": WHY}
    assert api.dag_runs() == [("ada", "queued", asked, f"{decision} {HELD.run}: {WHY}")]
    again = ada.get(VIEW).text
    assert f"ada decided to {decision} it" in again
    assert "Release…" not in again
    assert who_did_what() == [("trigger_dag_run", "ada", "decide_run")]


def who_did_what():
    from airflow.models.log import Log
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return [(entry.event, entry.owner, entry.dag_id) for entry in session.scalars(select(Log).order_by(Log.id))][
            -1:
        ]


def test_a_decision_is_asked_for_once(api, publish):
    publish(RUNS)
    ada = api.person("ada")
    token = token_in(ada.get(DROP).text)
    assert decide(ada, RELEASE).status_code == 303
    for answer in (ada.get(DROP), decide(ada, DROP, token=token), ada.get(RELEASE)):
        assert answer.status_code == 409
        assert "ada has decided to release" in answer.text
    assert len(api.dag_runs()) == 1


def test_only_a_held_run_can_be_decided(api, publish):
    publish(RUNS)
    ada = api.person("ada")
    token = token_in(ada.get(RELEASE).text)
    publish([MadeRun("held", State.DROPPED)])
    answer = decide(ada, token=token)
    assert answer.status_code == 409
    assert "is dropped by now" in answer.text
    assert ada.get(f"{VIEW}runs/run=of-nobody/drop").status_code == 404
    assert ada.get(f"{VIEW}runs/{HELD.run}/burn").status_code == 400
    assert api.dag_runs() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver:8080", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_another_site_changes_nothing(api, publish, headers):
    publish(RUNS)
    answer = decide(api.person("ada"), headers=headers)
    assert answer.status_code == 403
    assert "not sent by a page of this Airflow" in answer.text
    assert api.dag_runs() == []


def test_an_old_browser_tells_its_origin_alone(api, publish):
    publish(RUNS)
    assert decide(api.person("ada"), headers={"Origin": ORIGIN}).status_code == 303


def test_nothing_changes_without_its_token(api, publish):
    publish([*RUNS, MadeRun("other", State.HELD)])
    ada, again = api.person("ada"), api.person("ada")
    other = f"{VIEW}runs/{MadeRun('other').run}/release"
    wrong = {
        "none": "",
        "nonsense": "1.2.3",
        "for the other decision": token_in(ada.get(DROP).text),
        "for the other run": token_in(ada.get(other).text),
        "of another login": token_in(again.get(RELEASE).text),
    }
    for name, token in wrong.items():
        assert decide(ada, token=token).status_code == 403, name
    token = token_in(ada.get(RELEASE).text)
    for sent in (
        {"data": {"why": WHY}},
        {"json": {"token": token, "why": WHY}},
        {"params": {"token": token, "why": WHY}},
    ):
        assert ada.post(RELEASE, **sent, headers=OWN).status_code == 403, sent
    assert api.dag_runs() == []


def test_a_token_ends(api, publish, monkeypatch):
    from event_quality import tokens

    publish(RUNS)
    ada = api.person("ada")
    token = token_in(ada.get(RELEASE).text)
    monkeypatch.setattr(tokens, "LIFETIME_S", 0)
    answer = decide(ada, token=token)
    assert answer.status_code == 403
    assert "open for too long" in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_a_post_decides(api, publish, method):
    publish(RUNS)
    ada = api.person("ada")
    query = {"token": token_in(ada.get(RELEASE).text), "why": WHY}
    ada.request(method, RELEASE, params=query, headers=OWN)
    assert api.dag_runs() == []


@pytest.mark.parametrize("why", ["", "  \n", "x" * 501])
def test_why_is_said(api, publish, why):
    publish(RUNS)
    assert decide(api.person("ada"), why=why).status_code == 400
    assert api.dag_runs() == []


def test_a_dag_that_airflow_does_not_know_is_told(api, publish, monkeypatch):
    from airflow.exceptions import DagNotFound

    from event_quality import dag_runs

    def unknown(*arguments, **named):
        raise DagNotFound("Dag id decide_run not found")

    publish(RUNS)
    ada = api.person("ada")
    token = token_in(ada.get(RELEASE).text)
    monkeypatch.setattr(dag_runs, "trigger_dag", unknown)
    answer = decide(ada, token=token)
    assert answer.status_code == 503
    assert "Dag id decide_run not found" in answer.text


class Tags(HTMLParser):
    """The elements of a page, and what among their attributes could run."""

    def __init__(self):
        super().__init__()
        self.names, self.running = set(), []

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        for name, value in attributes:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.running.append((tag, name, value))


def test_hostile_text_stays_text(api, publish):
    event = {"v_tracker": HOSTILE, "name_tracker": HOSTILE, "page_url": f"https://a/{HOSTILE}", HOSTILE: HOSTILE}
    row = MadeBadRow(kind=HOSTILE, message=f"iglu:{HOSTILE}", app_id=HOSTILE, payload={"enriched": event})
    publish([MadeRun("held", State.HELD, reason=HOSTILE, bad_rows=[row])])
    ada = api.person("ada")
    pages = [ada.get(VIEW), ada.get(RELEASE), ada.get(f"{VIEW}runs/{HOSTILE}/drop")]
    assert decide(ada, why=HOSTILE).status_code == 303
    pages += [ada.get(VIEW, params={"kind": HOSTILE, "app": HOSTILE}), ada.get(RELEASE)]
    for answer in pages:
        tags = Tags()
        tags.feed(answer.text)
        assert tags.running == []
        assert not {"script", "img"} & tags.names
    assert [answer.status_code for answer in pages] == [200, 200, 404, 200, 409]
    for html in (pages[0].text, pages[1].text, pages[3].text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "{{ 7 * 7 }}" in html


def test_what_the_browser_may_do(api, publish):
    publish(RUNS)
    for path in (VIEW, RELEASE):
        headers = api.person("ada").get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'self'",
        }
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
    for name in ("style.css", "event_quality.css"):
        assert api.anonymous().get(VIEW + name).headers["content-type"].startswith("text/css")
        assert f'href="{VIEW}{name}"' in api.anonymous().get(VIEW).text


def test_no_address_of_elsewhere(api, publish, root):
    publish(RUNS)
    html = api.person("ada").get(VIEW).text
    assert re.findall(r'(?:src|href|action)="(?!/event_quality/|\?|#)[^"]*"', html) == []
    styles = (root / "web" / "style.css").read_text() + (
        root / "plugins" / "event_quality" / "templates" / "event_quality.css"
    ).read_text()
    assert "url(" not in styles
    assert "@import" not in styles


def test_personal_data_is_masked(api, publish):
    secret = "f00df00d-0000-4000-8000-000000000001"
    payload = {"enriched": {"network_userid": secret, "user_ipaddress": "198.51.100.7"}, "kept": "kept"}
    publish([MadeRun("a", bad_rows=[MadeBadRow(message="x: me@example.org", payload=payload)])])
    html = api.person("vera").get(VIEW).text
    assert "kept" in html
    assert not [text for text in (secret, "198.51.100.7", "me@example.org") if text in html]


def test_nothing_is_published_yet(api):
    answer = api.person("vera").get(VIEW)
    assert answer.status_code == 200
    assert "Nothing is published yet" in answer.text
    assert api.person("ada").get(RELEASE).status_code == 404


def test_a_copy_that_cannot_be_read(api):
    (api.workspace.published.parent / "quality.duckdb").write_bytes(b"no database")
    for path in (VIEW, RELEASE):
        answer = api.person("ada").get(path)
        assert answer.status_code == 503
        assert "cannot be read" in answer.text


def test_an_old_copy_says_so(api, publish):
    publish([MadeRun("a")])
    vera = api.person("vera")
    assert "All is well: the books of 1 run add up." in vera.get(VIEW).text
    long_ago = (NOW - timedelta(days=300)).timestamp()
    os.utime(api.workspace.published.parent / "quality.duckdb", (long_ago, long_ago))
    assert "These numbers are old" in vera.get(VIEW).text


def test_a_loss_is_marked(api, publish):
    publish([MadeRun("a", lost=2), MadeRun("b")])
    html = api.person("vera").get(VIEW).text
    assert "The books of 1 run do not add up" in html
    assert re.findall(r'class="number off">(\d+)<', html) == ["2"]


def test_runs_and_causes_come_page_by_page(api, publish):
    rows = [MadeBadRow(message=f"cause {number}", app_id=("shop", "blog")[number % 2]) for number in range(60)]
    publish([MadeRun(f"{number:03}", bad_rows=rows[number : number + 1]) for number in range(60)])
    vera = api.person("vera")

    def seen(**choice):
        html = vera.get(VIEW, params=choice).text
        runs = re.findall(r"<code>run=[\d-]+-(\d+)</code>", html)
        return runs, len(re.findall('class="card cause"', html)), set(re.findall(r'<a href="([^"#]*)#', html))

    runs, causes, links = seen()
    assert (runs[0], len(runs), causes) == ("059", 25, 25)
    assert links == {"?runs=2", "?causes=2"}
    runs, causes, links = seen(runs=3, app="blog", causes=2)
    assert (len(runs), causes) == (10, 5)
    assert links == {"?runs=2&amp;app=blog&amp;causes=2", "?runs=3&amp;app=blog"}
    assert seen(state="held")[0] == []
    assert vera.get(VIEW, params={"state": "", "kind": ""}).status_code == 200
    assert vera.get(VIEW, params={"runs": 0}).status_code == 400
    assert vera.get(VIEW, params={"state": "burnt"}).status_code == 400


def test_a_failed_load_is_told(api, publish):
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    publish([MadeRun("a")])
    with create_session() as session:
        run = DagRun(
            dag_id="load_events",
            run_id="manual__1",
            run_type=DagRunType.MANUAL,
            run_after=NOW,
            state=DagRunState.FAILED,
            triggered_by=DagRunTriggeredByType.TEST,
        )
        run.end_date = NOW
        session.add(run)
    assert "The last run of load_events failed" in api.person("vera").get(VIEW).text
