"""The fixtures of Airflow's extensions."""

from tests.airflow_home import airflow_home

__all__ = ["airflow_home"]
