import re

import pytest
from tests.lake.doubles import event

from snowmelt.loader.main import main, runs
from snowmelt.workspace import Workspace


@pytest.fixture
def options(tmp_path, file, sql):
    return ["--warehouse", str(file), "--sql", str(sql)]


def test_load_then_list_then_release(tmp_path, lake, options, capsys):
    folder = lake.add(event(0), event(1))
    for said in (f"{folder.name}: 2 events, 0 bad rows\n1 run folders loaded\n", "0 run folders loaded\n"):
        assert main(["--lake", str(tmp_path / "lake"), *options]) == 0
        assert capsys.readouterr().out == said
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}"
    assert runs(["list", *options]) == 0
    assert re.fullmatch(f"{folder.name}  loaded    {moment}  2 events, 0 bad rows\n", capsys.readouterr().out)
    assert runs(["release", folder.name, *options]) == 0
    assert re.fullmatch(f"{folder.name}  released  {moment}  2 events, 0 bad rows\n", capsys.readouterr().out)


def test_what_cannot_be_done_is_said_in_one_line(tmp_path, lake, options, capsys):
    folder = lake.add(event(0))
    assert main(["--lake", str(tmp_path / "nowhere"), *options]) == 2
    assert "there is no lake at" in capsys.readouterr().err
    main(["--lake", str(tmp_path / "lake"), *options])
    capsys.readouterr()
    assert runs(["drop", folder.name, *options]) == 2
    assert capsys.readouterr().err == (
        f"snowmelt runs: {folder.name} is loaded and cannot become dropped: what follows is held or released\n"
    )
    assert main(["--lake", str(tmp_path / "lake"), *options[:2], "--sql", str(tmp_path)]) == 2
    assert "create_schema.sql is missing" in capsys.readouterr().err


def test_defaults_are_the_workspace_s_and_the_project_s(tmp_path, root, monkeypatch, capsys):
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SNOWMELT_PROJECT", str(root))
    assert main([]) == 0
    assert capsys.readouterr().out == "0 run folders loaded\n"
    assert (tmp_path / "home" / "warehouse" / "snowmelt.duckdb").is_file()
    assert runs(["list"]) == 0
    Workspace(tmp_path / "home").prepare()  # what they made is a state folder


@pytest.mark.parametrize(("command", "arguments"), [(main, []), (runs, ["list"])])
def test_a_state_folder_of_another_version_is_left_alone(tmp_path, command, arguments, monkeypatch, capsys):
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path))
    (tmp_path / "VERSION").write_text("0\n")
    assert command(arguments) == 2
    assert "layout 0" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["VERSION"]
