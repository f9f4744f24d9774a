"""Models from released runs, checked and published.

### What
Builds and tests the dbt models from the runs released so far, judges the marts as a whole, and publishes a copy of the
warehouse by rename. People and the dashboard read that copy, so they never wait for a writer nor see half a build.

The list of runs is fixed by the first task: a run released meanwhile is for the next build. A model that is new gets
its task in the next build too, for which the first task draws the models anew.

A build adds what new runs changed. Trigger it with `full_refresh` to make every table anew, as a changed formula needs.

### When
When runs were released. A run for which there is nothing new skips.

### Owner
data-platform

### If it fails
The published copy is that of the last good build. See the runbook `docs/runbooks/failed-model.md`.
"""

from datetime import timedelta

from airflow.sdk import Param, chain, dag, task

from model_builds import model_tasks
from orchestration import PUBLISHED_MARTS, RELEASED_RUNS, START, Tag, deadline, defaults


@dag(
    doc_md=__doc__,
    schedule=[RELEASED_RUNS],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    deadline=deadline(timedelta(minutes=60), __doc__),
    default_args=defaults(priority_weight=1),  # loads and checks go first
    params={"full_refresh": Param(False, type="boolean", description="Build every table anew, also from old runs.")},
    tags=[Tag.MODELS, Tag.QUALITY],
)
def build_models() -> None:
    @task
    def fix_released_runs(run_type: str) -> str:
        from model_builds import begin

        return begin(run_type)

    @task
    def check_marts() -> None:
        from model_builds import check_marts

        check_marts()

    @task(outlets=[PUBLISHED_MARTS])
    def publish_copy(released_up_to: str) -> None:
        from model_builds import publish

        publish(released_up_to)

    released = fix_released_runs("{{ dag_run.run_type }}")
    models = model_tasks(released_up_to=released, full_refresh="{{ params.full_refresh }}")
    chain(released, models, check_marts(), publish_copy(released))


build_models()
