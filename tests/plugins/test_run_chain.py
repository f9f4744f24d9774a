"""The chain's runner: what it prints, what it refuses, and when it parses the models again."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import run_chain
from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


def test_unknown_dags_and_broken_files_are_named(airflow_home: Workspace, tmp_path: Path) -> None:
    good = "from airflow.sdk import DAG\nbread = DAG('bread', schedule=None)\n"
    (tmp_path / "bread.py").write_text(good, encoding="utf-8")
    assert [dag.dag_id for dag in run_chain.read_dags(tmp_path, ["bread"])] == ["bread"]
    with pytest.raises(run_chain.ChainError, match="no DAG named cake; there are bread"):
        run_chain.read_dags(tmp_path, ["bread", "cake"])
    (tmp_path / "cake.py").write_text(f"{good}raise RuntimeError('no sugar')\n", encoding="utf-8")
    with pytest.raises(run_chain.ChainError, match=r"(?s)cake\.py does not import:.*no sugar"):
        run_chain.read_dags(tmp_path, ["bread"])


def test_the_manifest_is_parsed_when_the_project_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt.cli import main

    parsed = []

    class Runner:
        def invoke(self, arguments: list[str]) -> SimpleNamespace:
            parsed.append(arguments[1])
            (tmp_path / "target").mkdir(exist_ok=True)
            (tmp_path / "target" / "manifest.json").write_text("{}", encoding="utf-8")
            return SimpleNamespace(success=len(parsed) < 3, exception="models/a.sql is broken", result=None)

    monkeypatch.setattr(main, "dbtRunner", Runner)
    project, manifest = tmp_path / "dbt", tmp_path / "manifest.json"
    project.mkdir()
    model = project / "model.sql"

    def prepare(changed_at: int | None) -> None:
        if changed_at is not None:
            model.write_text("select 1", encoding="utf-8")
            for entry in (model, project):
                os.utime(entry, (changed_at, changed_at))
        run_chain.prepare_manifest(project, tmp_path / "target", manifest)

    prepare(1_000)
    prepare(None)
    assert parsed == ["parse"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["dbt", "manifest.json", "target"]
    prepare(4_000_000_000)
    assert parsed == ["parse"] * 2
    with pytest.raises(run_chain.ChainError, match=r"the models do not parse: models/a\.sql is broken"):
        prepare(4_000_000_001)


def test_the_terminal_gets_progress_and_the_log_the_rest(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with run_chain.output_to(tmp_path / "logs" / "chain.log") as terminal:
        os.write(1, b"chatter\n")
        print("warning", file=sys.__stderr__, flush=True)
        print("progress", file=terminal, flush=True)
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "progress\nafter\n"
    assert "chatter" in (tmp_path / "logs" / "chain.log").read_text(encoding="utf-8")


def test_a_dag_is_given_the_params_it_declares(tmp_path: Path) -> None:
    given: list[dict[str, object]] = []

    def test(run_conf: dict[str, object]) -> SimpleNamespace:
        given.append(run_conf)
        return SimpleNamespace(state="success")

    with (tmp_path / "terminal").open("w") as terminal:
        for params in ({"full_refresh": False}, {}):
            dag: Any = SimpleNamespace(dag_id="bake", tasks=[], params=params, test=test)
            assert run_chain.run(dag, run_chain.Progress(terminal), {"full_refresh": True})
    assert given == [{"full_refresh": True}, {}]


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").touch()
    assert run_chain.main(["load_events"], {"SNOWMELT_HOME": str(tmp_path)}) == 2
    assert "is not empty and not a state folder" in capsys.readouterr().err
