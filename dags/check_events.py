"""Loaded runs, each released to the models or held back.

### What
Judges each loaded run by the suites in `include/expectations`, then releases it or holds it. A failed *warn*
expectation is told in the log and the report. A failed *stop* expectation holds that run alone: its rows stay in
`atomic.events`, and nothing downstream reads them.

### When
When runs were loaded.

### Owner
data-platform

### If it fails
A run is held: the failed task names it, the expectation and the rows. Release or drop it as the runbook
`docs/runbooks/held-run.md` says. The other runs of the batch are released, and later ones are not kept waiting.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from event_quality.publishing import publish_quality
from orchestration import LOADED_RUNS, RELEASED_RUNS, START, Tag, deadline, defaults


@dag(
    doc_md=__doc__,
    schedule=[LOADED_RUNS],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=deadline(timedelta(minutes=20), __doc__),
    default_args=defaults(),
    tags=[Tag.EVENTS, Tag.QUALITY],
)
def check_events() -> None:
    @task
    def find_loaded_runs() -> list[str]:
        from run_checks import unchecked

        return unchecked()

    @task(outlets=[RELEASED_RUNS], map_index_template="{{ task.op_kwargs['base'] }}")
    def check_run(base: str) -> str:
        from run_checks import check

        return check(base)

    check_run.expand(base=find_loaded_runs()) >> publish_quality().as_teardown()


check_events()
