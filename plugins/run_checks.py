"""Judges loaded runs and releases or holds each: a bad batch stops there, the good ones go on."""

from __future__ import annotations

import logging

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

import check_reports
import suites
from snowmelt.loader.manifest import Run, State
from snowmelt.workspace import Workspace
from warehouse import WarehouseHook

RUN_SUITES = ("run_counts", "atomic_events")

log = logging.getLogger(__name__)


class RunHeld(AirflowFailException):
    """A run broke a *stop* expectation. Retrying cannot help; the message says which and what to do."""


def unchecked() -> list[str]:
    """Names of the runs that are loaded and neither released nor held. Reminds of those still held."""
    hook = WarehouseHook()
    with hook.open() as warehouse:
        runs = hook.manifest(warehouse).list_runs()
    for run in runs:
        if run.state is State.HELD:
            log.warning("%s is still held: %s", run.run, run.reason)
    return [run.run for run in runs if run.state is State.LOADED]


def check(name: str) -> str:
    """Judges one run and releases it, or holds it and raises RunHeld. Gives a sentence for the log.

    A run that is no longer waiting for its check is left alone: somebody decided about it meanwhile.
    """
    hook = WarehouseHook()
    with hook.open() as warehouse:
        run = hook.manifest(warehouse).run(name)
    if run.state is not State.LOADED:
        raise AirflowSkipException(f"{run.run} is {run.state}, not waiting for a check")

    outcomes = [outcome for suite in map(suites.read, RUN_SUITES) for outcome in _judge(hook, suite, run)]
    report = check_reports.write(Workspace.from_environment().reports, run.run, outcomes)
    warned = suites.failed(outcomes, suites.Severity.WARN)
    for outcome in warned:
        log.warning("%s: %s", run.run, outcome)

    stopped = suites.failed(outcomes, suites.Severity.STOP)
    with hook.open() as warehouse:
        manifest = hook.manifest(warehouse)
        if not stopped:
            manifest.release(run.base)
            return f"{run.run} is released: {run.count_good} events, {len(warned)} warnings"
        reason = "; ".join(map(str, stopped))
        manifest.hold(run.base, reason)
    raise RunHeld(
        f"{run.run} is held, none of its {run.count_good} events is seen downstream: {reason}. "
        f"All outcomes are in {report}. "
        f"Decide with `snowmelt runs release {run.run}` or `snowmelt runs drop {run.run}` (docs/runbooks/held-run.md)"
    )


def _judge(hook: WarehouseHook, suite: suites.Suite, run: Run) -> list[suites.Outcome]:
    return suites.judge(suite, hook.frame(suite.query, {"load_tstamp": run.load_tstamp.replace(tzinfo=None)}))
