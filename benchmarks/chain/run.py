"""What Airflow adds: the chain of four DAGs in one process, beside the same work run as bare commands.

Run it with the environment's interpreter: `python benchmarks/chain/run.py [EVENTS] [ROUNDS]`. Both start from the same
lake, one day of events, and an empty warehouse, and take turns. The chain's time is the sum of its four DAGs'
durations, as `run_chain.py` prints them; the bare time is that of four processes: `snowmelt load`, the suites on each
run, `dbt build`, the notebook. Wall-clock seconds: each figure is a whole command. The ratio is taken of the medians.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from snowmelt.environment import airflow_environment
from snowmelt.workspace import Workspace

PROJECT = Path(__file__).parents[2]
CHAIN = ("load_events", "check_events", "build_models", "refresh_dashboard")
SNOWMELT = [sys.executable, "-m", "snowmelt.cli"]
WORK = str(Path(__file__).parent / "bare.py")


def main(events: int, rounds: int) -> None:
    """Measures and prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        lake = prepare(Path(folder) / "prepared", events)
        chains, bares = [], []
        for turn in range(rounds):
            chains.append(chain(fresh(Path(folder) / f"chain-{turn}", lake)))
            bares.append(bare(fresh(Path(folder) / f"bare-{turn}", lake)))
            print(f"round {turn + 1}: chain {sum(chains[-1]):.1f} s, bare {sum(bares[-1]):.1f} s", flush=True)
    print(f"\n{'':<20} {'DAG':>8} {'bare':>8}")
    for place, dag in enumerate(CHAIN):
        print(f"{dag:<20} {median(run[place] for run in chains):7.1f}s {median(run[place] for run in bares):7.1f}s")
    whole = median(map(sum, chains)), median(map(sum, bares))
    print(f"{'sum':<20} {whole[0]:7.1f}s {whole[1]:7.1f}s   ratio {whole[0] / whole[1]:.2f}")


def prepare(root: Path, events: int) -> Path:
    """A lake with one day of events."""
    workspace = Workspace(root)
    workspace.prepare()
    environ = airflow_environment(workspace, PROJECT)
    log = ("simulate", "--to", "log", "--from", "2026-11-01", "--seed", "1", "--events", str(events))
    run([*SNOWMELT, *log], environ)
    run([*SNOWMELT, "enrich", "--once", "--enrichments", str(PROJECT / "include" / "enrichments")], environ)
    return workspace.lake


def fresh(root: Path, lake: Path) -> Workspace:
    """An installation with nothing but a copy of the lake."""
    workspace = Workspace(root)
    workspace.prepare()
    shutil.copytree(lake, workspace.lake, dirs_exist_ok=True)
    return workspace


def chain(workspace: Workspace) -> list[float]:
    """Seconds of each DAG, run in one process."""
    command = [sys.executable, str(PROJECT / "plugins" / "run_chain.py"), *CHAIN]
    said = run(command, airflow_environment(workspace, PROJECT))
    durations = dict(re.findall(r"^ *(\w+) +success +([\d.]+) s$", said, re.MULTILINE))
    return [float(durations[dag]) for dag in CHAIN]


def bare(workspace: Workspace) -> list[float]:
    """Seconds of each command."""
    environ = airflow_environment(workspace, PROJECT)
    build = [str(Path(sys.executable).with_name("dbt")), "build", "--exclude-resource-type", "unit_test"]
    commands = ([*SNOWMELT, "load"], [sys.executable, WORK, "check"], build, [sys.executable, WORK, "dashboard"])
    durations = []
    for command in commands:
        started = time.monotonic()
        run(command, environ)
        durations.append(time.monotonic() - started)
    return durations


def run(command: list[str], environ: dict[str, str]) -> str:
    """What the command prints; ends the benchmark when it fails."""
    done = subprocess.run(command, env=environ, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    os.chdir(PROJECT)
    main(*(int(argument) for argument in (sys.argv[1:] + ["20000", "3"][len(sys.argv) - 1 :])))
