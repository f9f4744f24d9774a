"""Templates: placeholders in braces are replaced, and nothing else is touched."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.proxy.template import TemplateError, render

NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
OTHER_TEXT = st.text(st.characters(exclude_characters="${}%", codec="utf-8"), max_size=12)
TEMPLATES = ("nginx", "site", "console", "metrics")


@given(
    pieces=st.lists(st.tuples(OTHER_TEXT, st.sampled_from(["placeholder", "variable"]), NAMES), max_size=8),
    values=st.dictionaries(NAMES, OTHER_TEXT),
)
def test_each_placeholder_is_replaced_and_each_variable_of_nginx_stays(pieces, values):
    template, expected = "", ""
    for text, kind, name in pieces:
        value = values.get(name, "it")
        template += text + ("${" + name + "}" if kind == "placeholder" else f"${name} ")
        expected += text + (value if kind == "placeholder" else f"${name} ")
    wanted = {name: values.get(name, "it") for _, kind, name in pieces if kind == "placeholder"}
    assert render("it", template, wanted) == expected


def test_a_value_is_not_read_as_a_template():
    assert render("it", "${a}", {"a": "${b} $c"}) == "${b} $c"


@pytest.mark.parametrize(
    ("template", "values", "sentence"),
    [
        ("${a} ${b}", {"a": 1}, "it has a placeholder without a value: b"),
        ("${a}", {"a": 1, "b": 2}, "it has no placeholder for: b"),
        ("one\n${A}", {}, "line 2 of it holds ${, which is no placeholder as ${name} is"),
        ("${a.b}", {"a": 1}, "line 1 of it holds ${, which is no placeholder as ${name} is"),
        ("${ a }", {"a": 1}, "line 1 of it holds ${, which is no placeholder as ${name} is"),
        ("$${a}", {"a": 1}, "line 1 of it holds $${, which is no placeholder as ${name} is"),
        ("%{ if a }", {}, "line 1 of it holds %{, which is no placeholder as ${name} is"),
    ],
)
def test_what_terraform_would_read_otherwise_is_refused(template, values, sentence):
    with pytest.raises(TemplateError, match=f"^{re.escape(sentence)}$"):
        render("it", template, values)


def placeholders(text: str) -> dict[str, str]:
    return {name: f"<{name}>" for name in re.findall(r"\$\{(\w+)\}", text)}


@pytest.mark.parametrize("name", TEMPLATES)
def test_our_templates_keep_every_variable_of_nginx(root: Path, name: str):
    text = (root / "infra" / "nginx" / f"{name}.conf.template").read_text(encoding="utf-8")
    rendered = render(name, text, placeholders(text))
    assert "${" not in rendered
    assert re.findall(r"\$\w+", rendered) == re.findall(r"\$\w+", text)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_terraform_renders_the_same_text(root: Path, tmp_path: Path, name: str):
    if not (terraform := shutil.which("terraform")):
        pytest.skip("terraform is not installed: the templates are rendered by snowmelt alone")
    file = root / "infra" / "nginx" / f"{name}.conf.template"
    text = file.read_text(encoding="utf-8")
    values = placeholders(text)
    asked = f"jsonencode(templatefile({json.dumps(str(file))}, {json.dumps(values)}))\n"
    done = subprocess.run([terraform, "console"], input=asked, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(json.loads(done.stdout)) == render(name, text, values)
