"""The verbs as people and machines use them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contracts.files import TEXT, WHOLE, schema, write

from snowmelt.contracts.main import main
from snowmelt.iglu.http_registry import HttpRegistry
from snowmelt.iglu.resolver import Resolver, Schema
from snowmelt.protocol.schema_key import SchemaKey

FIRST = schema("com.acme/page/1-0-0")
SECOND = schema("com.acme/page/1-0-1", {"id": TEXT, "kind": TEXT})
BROKEN = schema("com.acme/page/1-0-1", {"id": {"type": "text"}})
URI = "iglu:com.acme/page/jsonschema"


def test_lint_says_what_is_wrong_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, file = write(tmp_path, FIRST, BROKEN)
    assert main(["lint", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert f"{file}\n  error    $.properties.id has the unknown type 'text'; there are " in out
    assert "  warning  $.properties.id has no description\n" in out
    assert out.endswith("2 schemas: 1 error, 1 warning\n")
    assert "\x1b" not in out, "no colours where no terminal is"
    assert main(["lint", "--errors-only", str(tmp_path)]) == 1
    assert "no description" not in capsys.readouterr().out


def test_lint_of_what_is_right_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", *map(str, write(tmp_path, FIRST, SECOND))]) == 0
    assert capsys.readouterr().out == "2 schemas: 0 errors, 0 warnings\n"


def test_lint_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, file = write(tmp_path, FIRST, BROKEN)
    assert main(["lint", "--json", str(tmp_path)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["errors"], found["warnings"]) == (1, 1)
    first, second = found["schemas"]
    assert (first["schema"], first["findings"]) == (f"{URI}/1-0-0", [])
    assert second["file"] == str(file)
    assert second["findings"][0] | {"message": "…"} == {
        "path": "$.properties.id", "message": "…", "severity": "error",
    }  # fmt: skip


def test_diff_says_what_changes_and_which_version_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = write(tmp_path, FIRST, SECOND)
    assert main(["diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out == (
        f"{URI}/1-0-0 → 1-0-1\n"
        "  ADDITION $.properties.kind is new\n"
        "\n"
        "  column contexts_com_acme_page_1 / unstruct_event_com_acme_page_1\n"
        "    + kind  string, nullable\n"
        "\n"
        "1-0-1 is right (ADDITION): all data that was allowed still is.\n"
    )


@pytest.mark.parametrize(
    ("version", "properties", "code", "verdict"),
    [
        ("1-0-1", {"id": WHOLE}, 1, "1-0-1 is too low. 2-0-0 would be right (MODEL): it breaks with what was there."),
        ("2-0-0", {"id": TEXT, "kind": TEXT}, 0, "2-0-0 is more than needed. 1-0-1 would do (ADDITION): all data that"),
        ("1-0-1", {"id": TEXT}, 0, "Both say the same: there is nothing to publish."),
        ("1-0-0", {"id": WHOLE}, 1, "1-0-0 is not higher than 1-0-0. 2-0-0 would be right (MODEL): it breaks with"),
    ],
)
def test_diff_has_a_verdict(
    tmp_path: Path,
    version: str,
    properties: dict[str, object],
    code: int,
    verdict: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (old,) = write(tmp_path / "old", FIRST)
    (new,) = write(tmp_path / "new", schema(f"com.acme/page/{version}", properties))
    assert main(["diff", str(old), str(new)]) == code
    assert verdict in capsys.readouterr().out


def test_diff_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = write(tmp_path, FIRST, SECOND)
    assert main(["diff", "--json", str(old), str(new)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "old": f"{URI}/1-0-0",
        "new": f"{URI}/1-0-1",
        "facts": [{"path": "$.properties.kind", "message": "is new", "bump": "ADDITION"}],
        "columns": [
            {
                "names": ["contexts_com_acme_page_1", "unstruct_event_com_acme_page_1"],
                "new": False,
                "fields": [{"field": "kind", "before": None, "after": "string, nullable"}],
            }
        ],
        "needed": "ADDITION",
        "declared": "ADDITION",
        "rightVersion": "1-0-1",
        "right": True,
    }


def test_diff_looks_uris_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "schemas", FIRST, SECOND)
    assert main(["diff", f"{URI}/1-0-0", f"{URI}/1-0-1", "--schemas", str(tmp_path)]) == 0
    repository = {
        "name": "ours", "priority": 0, "vendorPrefixes": [], "connection": {"embedded": {"path": "schemas"}},
    }  # fmt: skip
    name = "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3"
    config = tmp_path / "resolver.json"
    config.write_text(json.dumps({"schema": name, "data": {"cacheSize": 9, "repositories": [repository]}}))
    assert main(["diff", f"{URI}/1-0-0", f"{URI}/1-0-1", "--iglu-config", str(config)]) == 0
    session = "iglu:com.snowplowanalytics.snowplow/client_session/jsonschema"
    assert main(["diff", f"{session}/1-0-1", f"{session}/1-0-2"]) == 0
    assert "+ event_index" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", "nowhere"], "snowmelt schema lint: nowhere cannot be read: No such file or directory\n"),
        (
            ["diff", f"{URI}/1-0-9", f"{URI}/1-0-9"],
            f"snowmelt schema diff: there is no {URI}/1-0-9 in Snowmelt Embedded",
        ),
        (["diff", "iglu:x", "iglu:y"], "snowmelt schema diff: iglu:x is not an Iglu URI, such as iglu:com.acme"),
        (["diff", "a", "b", "--schemas", "nowhere"], "snowmelt schema diff: nowhere is not a folder\n"),
        (
            ["diff", "a", "b", "--iglu-config", "none"],
            "snowmelt schema diff: the resolver configuration none cannot be",
        ),
        (
            ["publish", ".", "--registry", "http://x"],
            "snowmelt schema publish: it takes a key to publish, and SNOWMELT_",
        ),
        (
            ["publish", ".", "--registry", "http://x", "--key-file", "none"],
            "snowmelt schema publish: the key file none cannot be read: No such file or directory\n",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SNOWMELT_IGLU_KEY", raising=False)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert error.count("\n") == 1


def test_diff_compares_versions_of_one_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = write(tmp_path, FIRST, schema("com.acme/other/1-0-1"))
    assert main(["diff", str(old), str(new)]) == 2
    assert "are not two versions of one schema" in capsys.readouterr().err
    old, new = write(tmp_path, FIRST, BROKEN)
    assert main(["diff", str(old), str(new)]) == 2
    assert f"{new} is no schema that could be published" in capsys.readouterr().err


def test_nothing_is_published_where_anything_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    """Nobody listens at that port: it is not even asked."""
    monkeypatch.setenv("SNOWMELT_IGLU_KEY", "key")
    write(tmp_path, FIRST, BROKEN)
    assert main(["publish", str(tmp_path), "--registry", f"http://127.0.0.1:{unused_tcp_port}"]) == 1
    printed = capsys.readouterr()
    assert "has the unknown type 'text'" in printed.out
    assert printed.err == "snowmelt schema publish: nothing is published until the errors are mended\n"


def test_a_key_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    write(tmp_path / "schemas", FIRST)
    file = tmp_path / "key"
    for secret in ("5fb4713d", "5fb4\n713d", "5fb4713dé", "   "):
        file.write_text(secret)
        command = ["publish", str(tmp_path / "schemas"), "--registry", f"http://127.0.0.1:{unused_tcp_port}"]
        assert main([*command, "--key-file", str(file)]) == 2
        printed = capsys.readouterr()
        assert "5fb4" not in printed.out + printed.err


@pytest.fixture
def registry(tmp_path: Path, unused_tcp_port: int) -> Iterator[tuple[str, Path]]:
    """The registry as a process of its own; gives its URI and the file of its super key."""
    environ = os.environ | {
        "SNOWMELT_HOME": str(tmp_path / "home"),
        "SNOWMELT_IGLU_REPO_SERVER__PORT": str(unused_tcp_port),
    }
    command = [sys.executable, "-m", "snowmelt.cli", "iglu"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as process:
        assert process.stderr
        try:
            while b"listening" not in (line := process.stderr.readline()):
                assert line, "it ended before it listened"
            yield f"http://127.0.0.1:{unused_tcp_port}/api", tmp_path / "home" / "iglu" / "super_key"
        finally:
            process.send_signal(signal.SIGTERM)
            process.stderr.read()
            assert process.wait(30) == 0


@pytest.mark.slow
def test_what_is_published_is_resolved(
    registry: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the registry of this product, from the file to the resolver, twice; and its refusal is passed on."""
    uri, key_file = registry
    write(tmp_path / "schemas", SECOND, FIRST, schema("com.acme/user/1-0-0"))
    command = ["publish", str(tmp_path / "schemas"), "--registry", uri, "--key-file", str(key_file)]
    for result in ("published", "already there"):
        assert main(command) == 0
        *lines, last = capsys.readouterr().out.splitlines()
        assert [line.split()[-1] for line in lines] == [
            f"{URI}/1-0-0", f"{URI}/1-0-1", "iglu:com.acme/user/jsonschema/1-0-0",
        ]  # fmt: skip
        assert last == f"3 schemas: 3 {result}"
    key = SchemaKey.parse(f"{URI}/1-0-1")
    assert key is not None
    resolver = Resolver([HttpRegistry("ours", uri)], insists=True)
    found = resolver.lookup(key)
    assert isinstance(found, Schema)
    assert found.body == SECOND
    assert [str(version) for version in resolver.versions(key)] == ["1-0-0", "1-0-1"]
    write(tmp_path / "schemas", schema("com.acme/user/1-0-0", {"id": WHOLE}))
    assert main([*command, "--json"]) == 1
    *there, refused = json.loads(capsys.readouterr().out)["schemas"]
    assert [one["result"] for one in there] == ["already there"] * 2
    assert refused["result"] == "refused"
    assert "never changes" in refused["message"]
