"""A held run, released to the models or dropped, as somebody decided.

### What
Releases the run, or deletes its events from `atomic.events`, as `snowmelt runs release` and `snowmelt runs drop` do.
Its parameters tell who decided, what and why, so the list of its runs is the list of decisions. A run that is not held
any more is skipped.

### When
When somebody decides: in the view *Event quality*, or by triggering it here.

### Owner
data-platform

### If it fails
Nothing was decided, and the run is still held. Read the error and decide again, as the runbook
`docs/runbooks/held-run.md` says.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from event_quality.publishing import publish_quality
from orchestration import RELEASED_RUNS, START, Tag, deadline, defaults


@dag(
    doc_md=__doc__,
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=deadline(timedelta(minutes=20), __doc__),
    default_args=defaults(),
    params={
        "run": Param(type="string", pattern="^run=", maxLength=200, description="The run folder's name, run=…"),
        "decision": Param(type="string", enum=["release", "drop"], description="What becomes of it."),
        "decided_by": Param(type="string", minLength=1, maxLength=200, description="Whose decision it is."),
        "why": Param(type="string", minLength=1, maxLength=500, description="For whoever asks later."),
    },
    tags=[Tag.EVENTS, Tag.QUALITY],
)
def decide_run() -> None:
    @task(outlets=[RELEASED_RUNS])
    def decide(run: str, decision: str, decided_by: str, why: str) -> str:
        from event_quality.decisions import decide

        return decide(run, decision, decided_by, why)

    decided = decide(*(f"{{{{ params.{name} }}}}" for name in ("run", "decision", "decided_by", "why")))
    decided >> publish_quality().as_teardown()


decide_run()
