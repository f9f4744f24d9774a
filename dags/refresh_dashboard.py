"""The dashboard, drawn again.

### What
Runs the notebook `include/notebooks/dashboard.py` on the published copy of the warehouse and writes one HTML page that
opens with no network.

### When
When marts were published.

### Owner
data-platform

### If it fails
The last page stays, and its strip tells how old its numbers are. See the runbook `docs/runbooks/failed-model.md`.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from orchestration import DASHBOARD, PUBLISHED_MARTS, START, Tag, deadline, defaults


@dag(
    doc_md=__doc__,
    schedule=[PUBLISHED_MARTS],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=deadline(timedelta(minutes=20), __doc__),
    default_args=defaults(pool="default_pool"),
    tags=[Tag.REPORTS],
)
def refresh_dashboard() -> None:
    @task(outlets=[DASHBOARD])
    def render_dashboard() -> str:
        from dashboard_page import refresh

        return refresh()

    render_dashboard()


refresh_dashboard()
