import pytest

from snowmelt.loader.statements import StatementError, Statements


class Engine:
    """Records what it is asked to run."""

    catalog = "my catalog"

    def __init__(self):
        self.ran = []

    def quoted(self, name):
        return f"<{name}>"

    def execute(self, statement, parameters):
        self.ran.append((statement, parameters))
        return ((1,),)


@pytest.fixture
def statements(tmp_path):
    (tmp_path / "plain.sql").write_text("select 1 from {atomic}.events where a = $a\n", encoding="utf-8")
    (tmp_path / "parts.sql").write_text("select {columns} from {atomic}.events, {columns}", encoding="utf-8")
    return Statements(tmp_path, Engine())


def test_a_statement_runs_with_its_parameters_on_the_quoted_schema(statements):
    assert statements.run("plain", {"a": 5}) == [(1,)]
    assert statements.warehouse.ran == [("select 1 from <my catalog>.<atomic>.events where a = $a\n", {"a": 5})]


def test_parts_take_their_place_as_they_are(statements):
    assert statements.text("parts", columns="{a}") == "select {a} from <my catalog>.<atomic>.events, {a}"


@pytest.mark.parametrize(
    ("name", "parts"), [("parts", {}), ("plain", {"columns": "a"}), ("parts", {"columns": "a", "b": "c"})]
)
def test_parts_that_do_not_fit_the_statement_are_refused(statements, name, parts):
    with pytest.raises(StatementError, match=f"{name}.sql"):
        statements.text(name, **parts)


def test_a_statement_that_is_missing_is_named(statements):
    with pytest.raises(StatementError, match=r"gone\.sql is missing"):
        statements.run("gone")
