"""The recorded requests are whole."""

from collections import Counter

from snowmelt.simulate.captures import captured


def test_all_recorded_requests_are_there() -> None:
    recorded = list(captured())
    assert Counter(request.method for request in recorded) == {"POST": 54, "GET": 13, "OPTIONS": 5}
    assert sum(request.events for request in recorded) == 79


def test_headers_of_the_connection_are_left_to_the_sender() -> None:
    names = {name.lower() for request in captured() for name, _ in request.headers}
    assert "user-agent" in names
    assert not names & {"host", "connection", "content-length"}
