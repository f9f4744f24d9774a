"""The view *Event quality* in Airflow's menu: the books of each run, held runs to decide, and bad rows by cause.

Tasks publish a small copy of the numbers, the view reads it, and a decision is a run of the DAG `decide_run`.
"""
