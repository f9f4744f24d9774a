import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from snowmelt.enrich import databases
from snowmelt.enrich.databases import BUILT_IN, DatabaseError


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/lists/referers.json"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"{}" if found else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_files_are_read_from_folders(tmp_path):
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "x.json").write_text("[]")
    for uri in ("a%20b", "file:a%20b", (tmp_path / "a b").as_uri(), str(tmp_path / "a%20b")):
        assert databases.read(uri, "x.json", tmp_path) == b"[]"


@pytest.mark.parametrize("slash", ["", "/"])
def test_files_are_downloaded(server, slash, tmp_path):
    assert databases.read(f"{server}/lists{slash}", "referers.json", tmp_path) == b"{}"


def test_our_own_files_are_there(tmp_path):
    assert databases.read(BUILT_IN, "referers.json", tmp_path).startswith(b"{")


@pytest.mark.parametrize(
    "uri", ["s3://bucket", "gs://bucket", "package:os", "file:nowhere", "http://127.0.0.1:1", "http://["]
)
def test_what_cannot_be_had_is_told_in_one_sentence(uri, tmp_path):
    with pytest.raises(DatabaseError) as refused:
        databases.read(uri, "x.json", tmp_path)
    assert "x.json cannot be read from" in str(refused.value)


def test_a_missing_download_is_told(server, tmp_path):
    with pytest.raises(DatabaseError, match="Not Found"):
        databases.read(server, "x.json", tmp_path)
