"""Run folders of the lake, loaded into the warehouse.

### What
Loads new run folders into `atomic.events` and `atomic.bad_rows`. A folder is new when its marker is there and the load
manifest does not call it loaded. Loading twice is loading once.

### When
As soon as a run folder is whole, and every quarter of an hour in case nobody was told. A run with nothing new skips,
and nothing that hangs on it starts.

### Owner
data-platform

### If it fails
Nothing is lost: the run folders stay in the lake and the next run takes them up. See the runbook
`docs/runbooks/failed-load.md`.
"""

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from event_quality.publishing import publish_quality
from orchestration import LOADED_RUNS, RUN_FOLDERS, START, Tag, deadline, defaults
from run_folders import NewRunFolderSensor


@dag(
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/15 * * * *", timezone="UTC"), assets=[RUN_FOLDERS]),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=deadline(timedelta(minutes=20), __doc__),
    default_args=defaults(),
    tags=[Tag.EVENTS],
)
def load_events() -> None:
    @task(outlets=[LOADED_RUNS])
    def load_run_folders() -> list[str]:
        from run_folders import load_new

        return load_new()

    NewRunFolderSensor(task_id="find_run_folders") >> load_run_folders() >> publish_quality().as_teardown()


load_events()
