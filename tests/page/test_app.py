"""What the page's server answers, and to whom."""

import pytest
from starlette.testclient import TestClient
from tests.page.warehouse import BAD, MODELLED, NOWHERE, SCRIPT, STATES, publish

from snowmelt.page.app import PageError, application
from snowmelt.page.settings import PageSettings


@pytest.fixture
def client(dist, published):
    return TestClient(application(PageSettings(), dist, published), base_url="http://localhost:8083")


def test_a_page_that_is_not_built_names_the_script(tmp_path, published):
    with pytest.raises(PageError, match=r"not built in .*: run `scripts/build_page\.sh "):
        application(PageSettings(), tmp_path, published)


def test_the_built_page_is_served(client):
    assert client.get("/").text == "<h1>Tracker page</h1>"
    assert client.get("/missing.js").status_code == 404
    assert client.get("/health").text == "ok"
    assert client.post("/events.json").status_code == 405


@pytest.mark.parametrize("path", ["/../settings.py", "/%2e%2e/secret", "/..%2fsecret", "//etc/passwd"])
def test_nothing_outside_the_built_page_is_served(client, dist, path):
    (dist.parent / "secret").write_text("secret")
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8083", "127.0.0.1:8083", "[::1]:8083", "LOCALHOST"])
def test_the_page_answers_to_the_machine_itself(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "localhost.rebound.example", "127.0.0.1.rebound.example:8083", ""])
def test_a_foreign_name_is_refused(client, host):
    for path in ("/", "/settings.json", f"/events/{MODELLED}.json"):
        assert client.get(path, headers={"Host": host}).status_code == 400


def test_a_name_in_the_settings_is_answered(dist, published):
    client = TestClient(application(PageSettings(hosts=("page.example",)), dist, published))
    assert client.get("/settings.json", headers={"Host": "page.example"}).status_code == 200
    assert client.get("/settings.json", headers={"Host": "other.example"}).status_code == 400
    assert client.get("/health", headers={"Host": "10.20.0.5"}).status_code == 200  # as a load balancer asks


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_collectors_have_the_name_the_page_was_asked_by(client, host):
    found = client.get("/settings.json", headers={"Host": f"{host}:8083"}).json()
    assert found == {"collectors": [f"https://{host}:8443", f"http://{host}:8080"]}


@pytest.mark.parametrize("path", ["/", "/health", "/settings.json", f"/events/{NOWHERE}", "/missing"])
def test_every_answer_says_whom_the_page_may_talk_to(client, path):
    headers = client.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"].split() == [
        "'self'",
        "http://localhost:*",
        "https://localhost:*",
        "https://localhost:8443",
        "http://localhost:8080",
    ]
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_states_of_many_events(client, published):
    assert client.get("/events.json", params={"id": MODELLED}).json() == {
        "published": None,
        "events": {MODELLED: {"state": "not yet"}},
    }
    publish(published.file)
    found = client.get("/events.json", params={"id": list(STATES)}).json()
    assert found["events"] == {event_id: {"state": state} for event_id, state in STATES.items()}
    assert found["published"].endswith("+00:00")


def test_the_same_question_is_answered_304_until_the_next_build(client, published):
    publish(published.file)
    first = client.get("/events.json", params={"id": MODELLED})
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/events.json", params={"id": MODELLED}, headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    publish(published.file)
    assert client.get("/events.json", params={"id": MODELLED}, headers=asked).status_code == 200


def test_at_most_fifty_at_a_time(client):
    assert client.get("/events.json", params={"id": [MODELLED] * 50}).status_code == 200
    answer = client.get("/events.json", params={"id": [MODELLED] * 51})
    assert answer.status_code == 400
    assert answer.json() == {"error": "51 ids are too many: ask for at most 50 at a time"}


@pytest.mark.parametrize("text", ["1", "' or 1=1 --", f"{MODELLED},{BAD}", f"{MODELLED}'", "%00", "events"])
def test_an_id_that_is_no_uuid_is_refused(client, published, text):
    publish(published.file)
    for answer in (client.get(f"/events/{text}.json"), client.get("/events.json", params={"id": text})):
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("an event id is a UUID")
    assert client.get(f"/events/{text}").text.startswith("an event id is a UUID")


def test_an_id_is_found_however_it_is_spelled(client, published):
    publish(published.file)
    assert client.get(f"/events/{MODELLED.replace('-', '').upper()}.json").json()["event_id"] == MODELLED


def test_one_event_as_json(client, published):
    publish(published.file)
    found = client.get(f"/events/{MODELLED}.json").json()
    assert found["state"] == "modelled"
    assert [row["event_name"] for row in found["events"]] == ["page_view", "page_view"]
    assert set(found["marts"]) == {"page_views", "sessions"}
    assert found["bad_rows"] == []
    assert client.get(f"/events/{BAD}.json").json()["bad_rows"][0]["first_message"] == "value is missing"


@pytest.mark.parametrize("event_id", STATES)
def test_one_event_for_people(client, published, event_id):
    publish(published.file)
    answer = client.get(f"/events/{event_id}")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'data-state="{STATES[event_id]}"' in answer.text
    assert ("derived.page_views" in answer.text) == (event_id == MODELLED)
    assert ("value is missing" in answer.text) == (event_id == BAD)


def test_what_is_nested_is_shown_on_several_lines(client, published):
    publish(published.file)
    assert "&#34;id&#34;: &#34;view&#34;,\n" in client.get(f"/events/{MODELLED}").text
    assert f"&#34;event_id&#34;: &#34;{BAD}&#34;,\n" in client.get(f"/events/{BAD}").text


def test_before_the_first_build_the_page_says_what_to_do(client):
    assert "make up" in client.get(f"/events/{NOWHERE}").text


def test_what_a_visitor_sent_is_shown_as_text(client, published):
    publish(published.file)
    page = client.get(f"/events/{MODELLED}").text
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_tables_that_cannot_be_read_are_told_in_a_sentence(client, published):
    published.file.parent.mkdir()
    published.file.write_bytes(b"x" * 5000)
    answer = client.get("/events.json", params={"id": MODELLED})
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("the published tables cannot be read: ")
    assert client.get(f"/events/{MODELLED}").status_code == 503
