"""What every request passes: limits, slashes, HEAD, headers, and a log that holds no key."""

import logging
from pathlib import Path

import pytest
from tests.iglu.server.harness import SQLITE, SUPER_KEY, Made
from tests.iglu.server.harness import made as make

from snowmelt.iglu.server.settings import Hsts, IgluSettings, RepoServer


def test_a_body_that_is_too_large(tmp_path: Path) -> None:
    settings = IgluSettings(repo_server=RepoServer(max_payload_size=1000))
    with make(settings, tmp_path / "registry.sqlite") as made:
        for size, status in ((1000, 400), (1001, 413)):
            answer = made.send("POST", "/api/schemas", b" " * size, SUPER_KEY)
            assert answer.status_code == status
        assert answer.json() == {"message": "The request body is larger than 1000 bytes"}


@SQLITE
@pytest.mark.parametrize("path", ["/api/meta/health/", "/api/meta/health//", "/api/meta/health"])
def test_a_slash_at_the_end_says_nothing(made: Made, path: str) -> None:
    assert made.send("GET", path).text == "OK"


@SQLITE
def test_a_head_is_what_a_get_would_be_without_its_body(made: Made) -> None:
    get, head = (made.send(method, "/api/schemas") for method in ("GET", "HEAD"))
    assert head.content == b""
    assert (head.status_code, head.headers) == (get.status_code, get.headers)


def test_headers_of_every_answer(tmp_path: Path) -> None:
    for settings, wanted in ((RepoServer(), None), (RepoServer(hsts=Hsts(enable=True)), "max-age=31536000")):
        with make(IgluSettings(repo_server=settings), tmp_path / "registry.sqlite") as made:
            for path in ("/api/meta/health", "/nothing", "/static"):
                headers = made.send("GET", path).headers
                assert headers["X-Content-Type-Options"] == "nosniff"
                assert "default-src 'self'" in headers["Content-Security-Policy"]
                assert headers.get("Strict-Transport-Security") == wanted


@SQLITE
def test_the_log_holds_no_key(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the one in the header nor one in the query, nor one that somebody put into the path by mistake."""
    caplog.set_level(logging.DEBUG, "snowmelt")
    key = str(SUPER_KEY)
    made.send("DELETE", f"/api/auth/keygen?key={key}", key=key)
    made.send("DELETE", f"/api/auth/keygen/{key}", key=key)
    made.send("GET", "/a%0Ab" + "c" * 500)
    lines = [record.getMessage() for record in caplog.records if record.name == "snowmelt.iglu.access"]
    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in lines] == [
        "DELETE /api/auth/keygen 200",
        "DELETE /api/auth/keygen/<key> 404",
        f"GET /a%0Ab{'c' * 194} 404",
    ]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]  # the client's own
    assert key not in "\n".join(ours)
