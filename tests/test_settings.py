"""Settings come from defaults, a file and the environment, in that order; what is wrong is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.settings import Settings, SettingsError, read


class Cookie(Settings, frozen=True):
    enabled: bool = True
    name: str = "sp"
    domains: tuple[str, ...] = ()


class Example(Settings, frozen=True):
    port: int = 8080
    cookie: Cookie = Cookie()
    more: Cookie | None = None
    max_bytes: int = 1000


def test_defaults_need_no_file() -> None:
    assert read(Example, None, {}, "APP") == Example()


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", 'port = 1\n[cookie]\nname = "x"\n'), ("a.json", '{"port": 1, "cookie": {"name": "x"}}')],
)
def test_a_file_overrides_defaults_and_the_environment_overrides_the_file(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert read(Example, file, {}, "APP") == Example(port=1, cookie=Cookie(name="x"))
    environ = {"APP_PORT": "2", "APP_COOKIE__ENABLED": "false", "APP_COOKIE__DOMAINS": '["a", "b"]', "OTHER_PORT": "9"}
    expected = Example(port=2, cookie=Cookie(enabled=False, name="x", domains=("a", "b")))
    assert read(Example, file, environ, "APP") == expected


def test_snake_case_names_in_the_environment_meet_camel_case_keys() -> None:
    assert read(Example, None, {"APP_MAX_BYTES": "7"}, "APP").max_bytes == 7


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.hocon", "collector { port = 1 }", "HOCON"),
        ("a.conf", "port = 1", "HOCON"),
        ("a.yaml", "port: 1", r"\.toml or \.json"),
        ("a.json", '{"prot": 1}', "prot"),
        ("a.json", '{"port": "many"}', "port"),
        ("a.json", "[1]", "table of keys"),
        ("a.json", "{", "not valid"),
        ("a.toml", "port = ", "not valid"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(SettingsError, match=message) as refused:
        read(Example, file, {}, "APP")
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        read(Example, tmp_path / "nowhere.toml", {}, "APP")


@pytest.mark.parametrize("variable", ["APP_PROT", "APP_COOKIE__NMAE", "APP_PORT__DEEPER"])
def test_a_misspelt_variable_is_refused_by_name(variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read(Example, None, {variable: "1"}, "APP")


def test_an_optional_group_can_be_set_by_a_variable() -> None:
    assert read(Example, None, {"APP_MORE__NAME": "x"}, "APP").more == Cookie(name="x")


@pytest.mark.parametrize(
    ("environ", "text", "message"),
    [
        (
            {"APP_PORT": "many"},
            '{"port": 1}',
            'APP_PORT: Expected `int`, got `str`. Example: {"port": 8080}',
        ),
        (
            {"APP_COOKIE__ENABLED": "x"},
            "{}",
            'APP_COOKIE__ENABLED: Expected `bool`, got `str`. Example: {"cookie": {"enabled": true}}',
        ),
        (
            {"APP_PORT": "1"},
            '{"cookie": {"name": 3}}',
            '{file}: cookie.name: Expected `str`, got `int`. Example: {"cookie": {"name": "sp"}}',
        ),
        (
            {"APP_COOKIE__NAME": "x"},
            '{"cookie": 3}',
            "APP_COOKIE__NAME is one key of cookie, which is 3 in the settings file: make it a group",
        ),
        (
            {},
            '{"prot": 1}',
            '{file}: Object contains unknown field `prot`. Example: {"port": 8080, "more": null, "maxBytes": 1000}',
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_name_its_source_and_an_example(
    tmp_path: Path, environ: dict[str, str], text: str, message: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        read(Example, file, environ, "APP")
    assert str(refused.value) == message.replace("{file}", str(file))


@given(st.integers(0, 65535), st.text(st.characters(codec="ascii", categories=["L"]), min_size=1))
def test_any_value_written_is_the_value_read(port: int, name: str) -> None:
    environ = {"APP_PORT": str(port), "APP_COOKIE__NAME": name}
    settings = read(Example, None, environ, "APP")
    assert (settings.port, settings.cookie.name) == (port, name)
