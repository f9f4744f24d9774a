"""Settings by Snowplow's names, and what is said of those that cannot be used."""

import json
from pathlib import Path

import pytest

from snowmelt.iglu.server.main import PREFIX
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.settings import SettingsError, read


def test_snowplow_s_names(tmp_path: Path) -> None:
    file = tmp_path / "iglu.json"
    tree = {
        "repoServer": {"interface": "127.0.0.1", "port": 1234, "idleTimeout": "10 seconds", "hsts": {"enable": True}},
        "database": {"type": "postgres", "host": "db", "dbname": "iglu", "username": "u", "password": "p"},
        "superApiKey": "86da37e8-fdac-406a-8c71-3ae964e75882",
        "patchesAllowed": True,
        "debug": True,
        "swagger": {"baseUrl": "/registry/api"},
        "webhooks": {"schemaPublished": [{"uri": "https://example.com/", "vendorPrefixes": ["com.acme"]}]},
        "license": {"accept": True},
    }
    file.write_text(json.dumps(tree))
    settings = read(IgluSettings, file, {f"{PREFIX}_REPO_SERVER__PORT": "8091"}, PREFIX)
    assert settings.repo_server.port == 8091
    assert settings.database.type == "postgres"
    assert settings.webhooks.schema_published[0].vendor_prefixes == ("com.acme",)


@pytest.mark.parametrize(
    ("tree", "word"),
    [
        ({"database": {"type": "oracle"}}, "oracle"),
        ({"superApiKey": "secret-but-no-uuid"}, "no UUID"),
        ({"repoServer": {"idleTimeout": "soon"}}, "soon"),
        ({"webhooks": {"schemaPublished": [{"uri": "file:///etc/passwd"}]}}, "no http or https address"),
        ({"patchesallowed": True}, "patchesallowed"),
    ],
)
def test_settings_that_cannot_be_used(tree: dict[str, object], word: str, tmp_path: Path) -> None:
    file = tmp_path / "iglu.json"
    file.write_text(json.dumps(tree))
    with pytest.raises(SettingsError, match=word) as raised:
        read(IgluSettings, file, {}, PREFIX)
    assert "secret" not in str(raised.value)
