"""The statements of both engines: same names, same parts, same parameters, and each readable in its own language."""

import re
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

SQL = Path(__file__).parents[2] / "include" / "sql"
NAMES = sorted(file.name for file in (SQL / "duckdb").iterdir())
PARTS = {
    "duckdb": {
        "atomic": '"snowmelt"."atomic"',
        "columns": '"a", "b"',
        "column": '"a"."element"."b"',
        "type": 'struct("x" varchar)[]',
        "source": "['/lake/run=1/part.parquet']",
        "derived": '"snowmelt"."derived"',
        "table": '"snowmelt"."derived"."sessions"',
        "quality": '"quality"."main"',
    },
    "databricks": {
        "atomic": "`snowmelt`.`atomic`",
        "columns": "`a`, `b`",
        "column": "`a`.`element`.`b`",
        "type": "array<struct<`x`: string>>",
        "source": "'s3://lake/run=1/output=good/'",
        "derived": "`snowmelt`.`derived`",
        "table": "`snowmelt`.`derived`.`sessions`",
        "quality": "`snowmelt`.`quality`",
    },
}
PARAMETER = {"duckdb": re.compile(r"\$(\w+)"), "databricks": re.compile(r"(?<![:\w]):(\w+)")}


def template(engine, name):
    return (SQL / engine / name).read_text(encoding="utf-8")


def statement(engine, name):
    parts = PARTS[engine]
    if name == "create_events.sql":
        parts = {**parts, "columns": '"a" integer not null' if engine == "duckdb" else "`a` int not null"}
    return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], template(engine, name))


def without_comments(text):
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def test_both_engines_have_the_same_statements():
    assert sorted(file.name for file in (SQL / "databricks").iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_twins_take_the_same_parts_and_parameters(name):
    found = [
        (
            set(re.findall(r"\{(\w+)\}", template(engine, name))),
            set(PARAMETER[engine].findall(without_comments(template(engine, name)))),
        )
        for engine in ("duckdb", "databricks")
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_one_statement_of_duckdb(name):
    assert len(duckdb.extract_statements(statement("duckdb", name))) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_one_statement_of_databricks(name):
    (parsed,) = sqlglot.parse(statement("databricks", name), dialect="databricks")
    assert not isinstance(parsed, exp.Command)


def test_databricks_copies_files_in():
    for name in ("insert_events.sql", "insert_bad_rows.sql"):
        assert isinstance(sqlglot.parse_one(statement("databricks", name), dialect="databricks"), exp.Copy)


def test_every_statement_is_used_and_none_is_missing():
    folders = [SQL.parents[1] / name for name in ("src", "plugins")]
    code = "".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py"))
    used = {f"{name}.sql" for name in re.findall(r'"(\w+)"', code)}
    assert set(NAMES) - used == set()
    run = {f"{name}.sql" for name in re.findall(r'statements\.(?:run|text)\(\s*"(\w+)"', code)}
    assert run - set(NAMES) == set()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("engine", ["duckdb", "databricks"])
def test_statements_are_lower_case_and_end_without_a_semicolon(engine, name):
    text = without_comments(template(engine, name))
    ours = re.sub("mergeSchema|refererUri", "", text)
    assert ours == ours.lower()
    assert not text.rstrip().endswith(";")
    assert text.endswith("\n") or template(engine, name).endswith("\n")
