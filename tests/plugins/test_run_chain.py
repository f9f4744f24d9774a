"""The chain's runner: what it prints, what it refuses, and what it ends that was killed."""

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


@pytest.mark.parametrize("arguments", [[], ["--prepare", "load_events"]])
def test_it_either_prepares_or_runs_dags(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_chain.main(arguments, {})
    assert "name the DAGs to run, or give --prepare alone" in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").touch()
    assert run_chain.main(["load_events"], {"SNOWMELT_HOME": str(tmp_path)}) == 2
    assert "is not empty and not a state folder" in capsys.readouterr().err
