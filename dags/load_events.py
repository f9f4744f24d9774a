"""Run folders of the lake, loaded into the warehouse.

### What
Loads new run folders into `atomic.events` and `atomic.bad_rows`. A folder is new when its marker is there and the load
manifest does not call it loaded. Loading twice is loading once.

### When
Every five minutes. A run with nothing new skips, and so does all that hangs on it.

### Owner
data-platform

### If it fails
Nothing is lost: the run folders stay in the lake and the next run takes them up. See the runbook
`docs/runbooks/failed-load.md`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from orchestration import LOADED_RUNS, START, Tag, defaults
from run_folders import NewRunFolderSensor


@dag(
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=defaults(),
    tags=[Tag.EVENTS],
)
def load_events() -> None:
    @task(outlets=[LOADED_RUNS])
    def load_run_folders() -> list[str]:
        from run_folders import load_new

        return load_new()

    NewRunFolderSensor(task_id="find_run_folders") >> load_run_folders()


load_events()
