import base64
import json

import pytest
from tests.enrich.records import SNOWPLOW, entity, payload, wrapped
from tests.iglu.doubles import Clock, MemoryRegistry

from snowmelt.enrich import adapters, requests
from snowmelt.enrich.adapters import BrokenProtocol, NotAdapted
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import Validator
from snowmelt.simulate.captures import captured

TP2 = {"path": "/com.snowplowanalytics.snowplow/tp2", "content_type": "application/json"}
IGLU = {"path": "/com.snowplowanalytics.iglu/v1", "content_type": "application/json"}
SCHEMA = "schema=iglu:com.patrickcloud/sample_input/jsonschema/1-0-0"


def adapt(validator, **changes):
    return adapters.adapt(requests.of(payload(**changes)), validator)


def payload_data(*events, version="1-0-4"):
    return json.dumps({"schema": f"{SNOWPLOW}/payload_data/jsonschema/{version}", "data": list(events)})


def stored(request):
    """What the collector makes of a captured request."""
    path, _, query = request.path.partition("?")
    headers = {name.lower(): value for name, value in request.headers}
    return payload(
        path=path,
        querystring=query or None,
        body=request.body.decode() if request.method == "POST" else None,
        content_type=headers.get("content-type", "").lower() or None,
        user_agent=headers.get("user-agent"),
    )


CAPTURED = [request for request in captured() if request.method != "OPTIONS"]


@pytest.mark.parametrize("request_", CAPTURED, ids=lambda request: request.kind)
def test_requests_of_real_trackers_give_their_events(request_, validator):
    events = adapters.adapt(requests.of(stored(request_)), validator)
    assert len(events) == request_.events
    assert all({"e", "p", "tv", "eid"} <= event.keys() for event in events)


def test_all_captured_requests_were_tried():
    assert len(CAPTURED) == 67


def test_the_pixel_takes_one_event_from_the_query(validator):
    assert adapt(validator, querystring="e=pv&p=web&aid", body="ignored") == [{"e": "pv", "p": "web", "aid": None}]


def test_a_body_has_several_events_and_the_query_wins_over_each(validator):
    body = payload_data({"e": "pv", "p": "web", "tv": "1", "aid": "a"}, {"e": "pp", "p": "web", "tv": "1"})
    assert adapt(validator, **TP2, body=body, querystring="aid=q&stm=5") == [
        {"e": "pv", "p": "web", "tv": "1", "aid": "q", "stm": "5"},
        {"e": "pp", "p": "web", "tv": "1", "aid": "q", "stm": "5"},
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"body": None, "content_type": None}, ["body", "querystring"]),
        ({"body": None}, ["body", "querystring"]),
        ({"body": None, "querystring": "e=pv"}, ["body"]),
        ({"body": "{}", "content_type": None}, ["contentType"]),
        ({"body": "{}", "content_type": "text/plain"}, ["contentType"]),
        ({"body": "{}", "content_type": "application/json; charset=UTF-16"}, ["contentType"]),
        ({"body": "{}", "content_type": "Application/JSON"}, ["contentType"]),
        ({"body": "", "content_type": "x/y"}, ["contentType"]),
        ({"body": ""}, ["body"]),
        ({"body": "hello"}, ["body"]),
    ],
)
def test_a_post_that_breaks_the_protocol_names_the_field(changes, fields, validator):
    rejected = adapt(validator, **(TP2 | changes))
    assert isinstance(rejected, BrokenProtocol)
    assert [message.field for message in rejected.messages] == fields


def kind_of(rejected):
    (message,) = rejected.messages
    return type(message).__name__


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[]", "NotIglu"),
        ('{"schema": "payload_data", "data": []}', "NotIglu"),
        (payload_data(), "IgluError"),
        (payload_data({"e": "pv", "p": "web"}), "IgluError"),
        (payload_data({"e": "pv", "p": "web", "tv": "1", "vid": 3}), "IgluError"),
        (payload_data({"e": "pv", "p": "web", "tv": "1", "zzz": "1"}), "IgluError"),
        (payload_data({"e": "pv", "p": "web", "tv": "1", "ttm": "1"}, version="1-0-0"), "IgluError"),
        (payload_data({"e": "pv", "p": "web", "tv": "1"}, version="1-0-9"), "IgluError"),
        (json.dumps(entity("ctx", {"a": 1})), "CriterionMismatch"),
        (json.dumps(entity("ctx", {"a": "x"})), "IgluError"),
    ],
)
def test_one_bad_event_loses_the_request(body, kind, validator):
    assert kind_of(adapt(validator, **TP2, body=body)) == kind


def test_a_get_of_the_post_path_is_an_event_too(validator):
    assert adapt(validator, path=TP2["path"], querystring="e=pv") == [{"e": "pv"}]


def test_no_other_api_is_known(validator):
    rejected = adapt(validator, path="/com.mailchimp/v1", querystring="a=1")
    assert isinstance(rejected, NotAdapted)
    assert [(message.field, message.value) for message in rejected.messages] == [("vendor/version", "com.mailchimp/v1")]


def redirect(validator, query):
    (event,) = adapt(validator, path="/r/tp2", querystring=query)
    return event


def test_a_redirect_without_an_event_is_the_event(validator):
    event = redirect(validator, "u=https%3A%2F%2Facme.com%2F&eid=1")
    assert {name: event[name] for name in ("e", "p", "tv", "eid")} == {"e": "ue", "p": "web", "tv": "r-tp2", "eid": "1"}
    data = json.loads(event["ue_pr"])["data"]
    assert data == {"schema": f"{SNOWPLOW}/uri_redirect/jsonschema/1-0-0", "data": {"uri": "https://acme.com/"}}
    assert "u" not in event


@pytest.mark.parametrize("parameter", ["co", "cx", None, "empty"])
def test_a_redirect_with_an_event_is_its_first_entity(parameter, validator):
    text = wrapped("contexts", [entity("ctx", {"a": 1})])
    query = {
        "co": f"&co={text}".replace(" ", "").replace('"', "%22").replace("{", "%7B").replace("}", "%7D"),
        "cx": f"&cx={base64.urlsafe_b64encode(text.encode()).decode()}",
        "empty": "&co=",
        None: "",
    }[parameter]
    event = redirect(validator, f"e=se&p=app&u=https%3A%2F%2Facme.com%2F{query}")
    contexts = base64.urlsafe_b64decode(event["cx"] + "==").decode() if parameter == "cx" else event["co"]
    entities = [item["schema"].split("/")[1] for item in json.loads(contexts)["data"]]
    assert entities == (["uri_redirect", "ctx"] if parameter in ("co", "cx") else ["uri_redirect"])
    assert (event["e"], event["p"], event["tv"]) == ("se", "app", "r-tp2")


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "querystring"), ("e=pv", "querystring"), ("u", "querystring"), ("e=pv&u=a&co=%7B", "co|cx")],
)
def test_a_redirect_that_cannot_be_read_breaks_the_protocol(query, field, validator):
    rejected = adapt(validator, path="/r/tp2", querystring=query)
    assert isinstance(rejected, BrokenProtocol)
    assert [message.field for message in rejected.messages] == [field]


def webhook(validator, **changes):
    events = adapt(validator, **(IGLU | changes))
    return [(event, json.loads(event["ue_pr"])["data"]["data"]) for event in events]


def test_a_webhook_takes_data_from_the_query(validator):
    query = f"{SCHEMA}&value=v&none&empty=&aid=app&p=srv&eid=1"
    ((event, data),) = webhook(validator, querystring=query, content_type=None)
    assert data == {"value": "v", "none": None, "empty": None, "eid": "1"}
    assert {name: event[name] for name in event if name != "ue_pr"} == {
        "tv": "com.snowplowanalytics.iglu-v1",
        "e": "ue",
        "p": "srv",
        "aid": "app",
        "eid": "1",
    }


def test_a_webhook_takes_data_from_the_body(validator):
    assert [data for _, data in webhook(validator, querystring=SCHEMA, body='[{"a":1.10},{"a":2}]')] == [
        {"a": 1.10},
        {"a": 2},
    ]
    ((_, data),) = webhook(validator, body=json.dumps(entity("open", {"b": 1})))
    assert data == {"b": 1}
    form = {"querystring": SCHEMA, "content_type": "application/x-www-form-urlencoded"}
    ((event, data),) = webhook(validator, **form, body="a=1+2&b=&c")
    assert data == {"a": "1 2", "b": "", "c": None}
    assert event["p"] == "srv"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"body": None}, ["schema", "body"]),
        ({"body": "{}", "content_type": None}, ["contentType"]),
        ({"body": "{}", "content_type": "text/plain"}, ["contentType"]),
        ({"body": "x"}, ["body"]),
        ({"querystring": "schema=x"}, ["schema"]),
        ({"querystring": SCHEMA, "body": "x"}, ["body"]),
        ({"querystring": SCHEMA, "body": "[]"}, ["body"]),
        ({"querystring": SCHEMA, "body": "{}"}, ["body"]),
        ({"querystring": SCHEMA, "body": "5"}, ["body"]),
        ({"querystring": SCHEMA, "body": "{}", "content_type": "text/plain"}, ["contentType"]),
        ({"querystring": SCHEMA, "body": "%", "content_type": "application/x-www-form-urlencoded"}, ["body"]),
    ],
)
def test_a_webhook_that_cannot_be_read_names_the_field(changes, fields, validator):
    rejected = adapt(validator, **(IGLU | changes))
    assert isinstance(rejected, NotAdapted)
    assert [message.field for message in rejected.messages] == fields


def test_a_webhook_body_that_is_not_self_describing_is_told(validator):
    assert kind_of(adapt(validator, **IGLU, body='{"a":1}')) == "NotIglu"


def test_members_beside_schema_and_data_are_read_too(validator):
    body = payload_data({"e": "pv", "p": "web", "tv": "t"})
    assert len(adapt(validator, body=body[:-1] + ',"more":[1.50]}', **TP2)) == 1
    assert isinstance(adapt(validator, body=body[:-1] + ',"more":1e9999999}', **TP2), BrokenProtocol)


def test_no_events_are_no_request_whatever_the_schema_says():
    lenient = {"com.snowplowanalytics.snowplow/payload_data/1-0-4": {}}
    validator = Validator(Resolver([MemoryRegistry("memory", lenient)], clock=Clock()))
    assert isinstance(adapt(validator, body=payload_data(), **TP2), BrokenProtocol)
    assert len(adapt(validator, body=payload_data({"any": "thing"}), **TP2)) == 1
