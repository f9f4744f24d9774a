"""The table of stages: everything that runs on a laptop, and what each needs."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from snowmelt.collector.settings import CollectorSettings
from snowmelt.demo.processes import snowmelt
from snowmelt.environment import AirflowSettings, airflow_environment, clean_environment
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.live.descendants import marked
from snowmelt.live.stage import Health, Port, Stage
from snowmelt.page.settings import PageSettings
from snowmelt.proxy.settings import ProxySettings
from snowmelt.settings import read
from snowmelt.workspace import Workspace

HTTPS = 443

WINDOW_SECONDS = 10
"""How long a run folder grows, unless the environment says otherwise: what arrives is to be in a mart soon."""

SERVERS = (
    "collector",
    "enrich",
    "iglu",
    "page",
    "proxy",
    "airflow-api",
    "airflow-scheduler",
    "airflow-dags",
    "airflow-triggerer",
)
"""The stages that stay."""

RESOLVER = "resolver.json"
"""Names the registry to enrich."""

_RESOLVER_CONFIG = "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3"


@dataclass(frozen=True, slots=True)
class Ports:
    """The port of everything that listens, as settings and environment have them."""

    collector: int
    metrics: int
    iglu: int
    page: int
    collector_tls: int
    collector_plain: int
    iglu_tls: int
    iglu_plain: int
    airflow: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Ports":
        """The ports that the applications would read themselves. Raises SettingsError."""
        collector = read(CollectorSettings, None, environ, "SNOWMELT_COLLECTOR")
        proxy = read(ProxySettings, None, environ, "SNOWMELT_PROXY").resolved()
        return cls(
            collector=collector.port,
            metrics=collector.metrics.port,
            iglu=read(IgluSettings, None, environ, "SNOWMELT_IGLU").repo_server.port,
            page=read(PageSettings, None, environ, "SNOWMELT_PAGE").port,
            collector_tls=proxy.collector.tls_port or HTTPS,
            collector_plain=proxy.collector.plain_port or 80,
            iglu_tls=proxy.iglu.tls_port,
            iglu_plain=proxy.iglu.plain_port,
            airflow=read(AirflowSettings, None, environ, "SNOWMELT_AIRFLOW").port,
        )


def stages(workspace: Workspace, project: Path, ports: Ports, environ: Mapping[str, str]) -> list[Stage]:
    """All stages in the order in which people think of them. Raises SettingsError."""
    mark = marked(workspace.root)
    ours = {
        "SNOWMELT_ENRICH_OUTPUT__MAX_SECONDS": str(WINDOW_SECONDS),
        "SNOWMELT_PAGE_COLLECTORS": json.dumps(
            [https(ports.collector_tls, "{host}"), f"http://{{host}}:{ports.collector}"]
        ),
        **clean_environment(environ),
        "SNOWMELT_HOME": str(workspace.root),
        "SNOWMELT_PROJECT": str(project),
        **mark,
    }
    airflows = airflow_environment(workspace, project, environ) | mark
    resolver, enrichments = str(workspace.iglu / RESOLVER), str(project / "include" / "enrichments")
    certificate = str(workspace.tls / "certificate.pem")
    loopback = "http://127.0.0.1"
    registry, airflow = f"{loopback}:{ports.iglu}", f"{loopback}:{ports.airflow}"

    def airflow_part(name: str, part: str, *arguments: str, after: tuple[str, ...]) -> Stage:
        health = Health(f"{airflow}/api/v2/monitor/health", part)
        return Stage(name, (*_airflow(), *arguments), airflows, health, after=after, is_quiet=True)

    return [
        Stage(
            "collector",
            (*snowmelt("collector"), "--log-dir", str(workspace.log)),
            ours,
            Health(f"{loopback}:{ports.collector}/health"),
            ports=(
                Port("SNOWMELT_COLLECTOR_PORT", ports.collector),
                Port("SNOWMELT_COLLECTOR_METRICS__PORT", ports.metrics),
            ),
            address=f"{loopback}:{ports.collector}",
        ),
        Stage(
            "enrich",
            (*snowmelt("enrich"), "--iglu-config", resolver, "--enrichments", enrichments),
            ours,
            says="enriching ",
            after=("iglu",),
        ),
        Stage(
            "iglu",
            tuple(snowmelt("iglu")),
            ours,
            Health(f"{registry}/api/meta/health"),
            ports=(Port("SNOWMELT_IGLU_REPO_SERVER__PORT", ports.iglu),),
            address=registry,
        ),
        Stage(
            "publish-schemas",
            (
                *snowmelt("schema", "publish", *published_schemas(project / "schemas")),
                *("--registry", f"{registry}/api", "--key-file", str(workspace.iglu / "super_key")),
            ),
            ours,
            after=("iglu",),
            optional=True,
        ),
        Stage("build-page", (str(project / "scripts" / "build_page.sh"),), ours, optional=True, patience_s=600),
        Stage(
            "page",
            tuple(snowmelt("page")),
            ours,
            Health(f"{loopback}:{ports.page}/health"),
            ports=(Port("SNOWMELT_PAGE_PORT", ports.page),),
            address=f"http://localhost:{ports.page}",
            after=("build-page",),
        ),
        Stage(
            "proxy",
            tuple(snowmelt("proxy")),
            ours,
            Health(f"https://127.0.0.1:{ports.collector_tls}/health", certificate=certificate),
            ports=(
                Port("SNOWMELT_PROXY_COLLECTOR__TLS_PORT", ports.collector_tls),
                Port("SNOWMELT_PROXY_COLLECTOR__PLAIN_PORT", ports.collector_plain),
                Port("SNOWMELT_PROXY_IGLU__TLS_PORT", ports.iglu_tls),
                Port("SNOWMELT_PROXY_IGLU__PLAIN_PORT", ports.iglu_plain),
            ),
            address=https(ports.collector_tls),
            after=("collector", "iglu"),
            optional=True,
        ),
        Stage(
            "prepare-airflow",
            (sys.executable, str(project / "plugins" / "run_chain.py"), "--prepare"),
            airflows,
            is_quiet=True,
        ),
        Stage(
            "airflow-api",
            (*_airflow(), "api-server"),
            airflows,
            Health(f"{airflow}/api/v2/monitor/health", "metadatabase"),
            ports=(Port("SNOWMELT_AIRFLOW_PORT", ports.airflow),),
            address=airflow,
            after=("prepare-airflow",),
            is_quiet=True,
        ),
        # Their log servers would listen on all addresses, and the API reads the logs from the same disk anyway.
        airflow_part("airflow-scheduler", "scheduler", "scheduler", "--skip-serve-logs", after=("airflow-api",)),
        airflow_part("airflow-dags", "dag_processor", "dag-processor", after=("airflow-api",)),
        airflow_part("airflow-triggerer", "triggerer", "triggerer", "--skip-serve-logs", after=("airflow-api",)),
    ]


def published_schemas(folder: Path) -> list[str]:
    """The folders of vendors whose schemas a registry takes: all but the loader's, which begins at 2-0-1."""
    loader = "com.snowplowanalytics.snowplow.storage"
    return [str(vendor) for vendor in sorted(folder.iterdir()) if vendor.name != loader]


def https(port: int, host: str = "localhost") -> str:
    """An address of Nginx as people write it."""
    return f"https://{host}" if port == HTTPS else f"https://{host}:{port}"


def write_resolver(file: Path, registry: str) -> None:
    """Writes a resolver configuration: the schemas that come with the product, then the registry at this URI."""
    repository = {
        "name": "Registry of this machine",
        "priority": 1,
        "vendorPrefixes": [],
        "connection": {"http": {"uri": registry}},
    }
    data = {"cacheSize": 500, "cacheTtl": 10, "repositories": [repository]}
    file.write_text(json.dumps({"schema": _RESOLVER_CONFIG, "data": data}, indent=2) + "\n", encoding="utf-8")


def _airflow() -> tuple[str, ...]:
    """Airflow's command line, run by this very interpreter."""
    return (sys.executable, "-m", "airflow")
