"""The fixtures of Airflow's extensions."""

from tests.mailbox import mailbox

__all__ = ["mailbox"]
