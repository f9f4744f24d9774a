"""Settings that would break the page's security policy are refused at start."""

import pytest

from snowmelt.page.settings import PageSettings
from snowmelt.settings import SettingsError, read


def test_the_environment_names_the_collectors():
    environ = {"P_COLLECTORS": '["https://{host}:9443", "http://collector.example"]', "P_PORT": "9"}
    settings = read(PageSettings, None, environ, "P")
    assert settings.collectors == ("https://{host}:9443", "http://collector.example")
    assert settings.port == 9


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("COLLECTORS", '["ftp://{host}"]', "is no collector"),
        ("COLLECTORS", '["https://{host}:8443/path"]', "is no collector"),
        ("COLLECTORS", '["https://a.example; script-src *"]', "is no collector"),
        ("COLLECTORS", '["https://*"]', "is no collector"),
        ("COLLECTORS", "[]", "name at least one"),
        ("HOSTS", '["*"]', "is no host name"),
        ("HOSTS", '["page.example:8083"]', "is no host name"),
        ("PORT", "70000", "P_PORT"),
    ],
)
def test_what_cannot_be_used_is_refused(name, value, reason):
    with pytest.raises(SettingsError, match=reason):
        read(PageSettings, None, {f"P_{name}": value}, "P")
