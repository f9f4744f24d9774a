"""boto3 clients that reach the moto server and nothing else, whatever this machine's AWS settings are."""

import os
import threading
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

Aws = Callable[[str], Any]
"""The client of a service, such as `aws("sqs")`."""

_CONFIG = Config(
    retries={"total_max_attempts": 1},
    proxies={},
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=20,
)
_NEITHER_FILES_NOR_PROFILE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class Clients:
    """Clients of one server, made when first asked for."""

    def __init__(self, url: str) -> None:
        core = botocore.session.Session(session_vars=_NEITHER_FILES_NOR_PROFILE)
        self._session = boto3.session.Session("moto", "moto", botocore_session=core)
        self.url = url
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def of(self, region: str) -> Aws:
        """The clients of a region."""

        def client(service: str) -> Any:
            with self._lock:  # a session makes one client at a time
                if (service, region) not in self._made:
                    self._made[service, region] = self._session.client(
                        service, region_name=region, endpoint_url=self.url, config=_CONFIG
                    )
                return self._made[service, region]

        return client
