"""The command ``snowmelt proxy``."""

import argparse
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from snowmelt import logs
from snowmelt.collector.settings import CollectorSettings
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.proxy import binary, sites
from snowmelt.proxy.binary import MissingNginxError, Nginx
from snowmelt.proxy.certificate import Certificate
from snowmelt.proxy.foreground import Foreground
from snowmelt.proxy.settings import ProxySettings
from snowmelt.proxy.sites import Machine, Site, SiteError
from snowmelt.proxy.template import TemplateError
from snowmelt.settings import SettingsError, read
from snowmelt.workspace import Workspace, WorkspaceError

log = logging.getLogger("snowmelt.proxy")  # its own name may be __main__

PREFIX = "SNOWMELT_PROXY"


class StartError(RuntimeError):
    """Nginx cannot run here; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to run."""

    settings: ProxySettings
    machine: Machine
    sites: tuple[Site, ...]
    certificate: Certificate


def main(argv: Sequence[str] | None = None) -> int:
    """Runs Nginx until it is told to stop; 0 after that, 2 with one sentence when it cannot start."""
    arguments = _parser().parse_args(argv)
    logs.set_up()
    workspace = Workspace.from_environment()
    try:
        plan = _plan(arguments, workspace, os.environ)
        if arguments.render:
            print(sites.write(plan.machine, plan.sites))
            return 0
        workspace.prepare()
        return _serve(plan, binary.obtain(workspace.tools))
    except (SettingsError, WorkspaceError, SiteError, TemplateError, MissingNginxError, StartError, OSError) as error:
        log.error("cannot start: %s", error)
        return 2


def _plan(arguments: argparse.Namespace, workspace: Workspace, environ: Mapping[str, str]) -> Plan:
    settings = read(ProxySettings, arguments.config, environ, PREFIX).resolved()
    collector = read(CollectorSettings, arguments.collector_config, environ, "SNOWMELT_COLLECTOR")
    registry = read(IgluSettings, arguments.iglu_config, environ, "SNOWMELT_IGLU")
    ports = settings.collector
    assert ports.tls_port is not None
    assert ports.plain_port is not None
    certificate = Certificate(workspace.tls)
    machine = Machine(
        folder=(arguments.render or workspace.nginx).absolute(),
        project=_project(environ),
        certificate=certificate.file,
        key=certificate.key,
        interface=settings.interface,
        user="root" if os.geteuid() == 0 else None,  # another could not reach a folder that is private to root
    )
    return Plan(
        settings,
        machine,
        (
            sites.collector_site(collector, ports.tls_port, ports.plain_port),
            sites.iglu_site(registry, settings.iglu.tls_port, settings.iglu.plain_port),
        ),
        certificate,
    )


def _project(environ: Mapping[str, str]) -> Path:
    """The folder that holds infra/ and web/: the checkout, unless SNOWMELT_PROJECT names another."""
    folder = Path(environ.get("SNOWMELT_PROJECT") or Path(__file__).parents[3]).absolute()
    if not (folder / "infra" / "nginx").is_dir():
        raise StartError(f"{folder} holds no infra/nginx/: run from a checkout or set SNOWMELT_PROJECT to one")
    return folder


def _serve(plan: Plan, nginx: Nginx) -> int:
    _refuse_taken_ports(plan)  # before anything is written that the Nginx which has them may be using
    if plan.certificate.ensure():
        log.info("a new certificate is in %s", plan.certificate.file)
    main_file = sites.write(plan.machine, plan.sites)
    command = [str(nginx.program), "-p", str(plan.machine.folder), "-c", str(main_file), "-g", "daemon off;"]
    _check(command, nginx)
    code = Foreground(command, nginx.environment()).run(lambda: _announce(plan))
    log.info("stopped") if code == 0 else log.error("nginx ended with exit code %d", code)
    return code


def _check(command: Sequence[str], nginx: Nginx) -> None:
    """Lets Nginx read its configuration. Raises StartError with what it did not like."""
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, "-t"], env=nginx.environment(), stderr=subprocess.PIPE, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "[emerg]" in line] or [done.stderr.strip()]
        raise StartError(f"{nginx.program} refuses its configuration: {said[0]}")


def _refuse_taken_ports(plan: Plan) -> None:
    """Raises StartError, naming the setting, for a port that somebody listens on or that is not open to this user."""
    interface = plan.settings.interface
    for site in plan.sites:
        for kind, port in (("TLS", site.tls_port), ("PLAIN", site.plain_port)):
            with socket.socket(socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((interface, port))
                except OSError as error:
                    reason = (error.strerror or str(error)).lower() + _left_over(plan.machine.folder)
                    raise StartError(
                        f"{interface}:{port} cannot be listened on: {reason}; free that port or set "
                        f"{PREFIX}_{site.name.upper()}__{kind}_PORT to another"
                    ) from None


def _left_over(folder: Path) -> str:
    """Names an Nginx that still runs from this folder, as after its parent was killed; empty where there is none."""
    try:
        process = int((folder / "nginx.pid").read_text(encoding="ascii"))
        os.kill(process, 0)
    except (OSError, ValueError):
        return ""
    return f" (by the Nginx of this state folder, process {process})"


def _announce(plan: Plan) -> None:
    host = plan.settings.interface
    for site in plan.sites:
        log.info("%s at https://localhost:%d, http on port %d leads there", site.name, site.tls_port, site.plain_port)
    log.info("listening on %s:%d", host, plan.sites[0].tls_port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="snowmelt proxy", description="Puts Nginx with TLS and consoles before the collector and the registry."
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON")
    parser.add_argument(
        "--collector-config", type=Path, metavar="FILE", help="the collector's settings: its port and its limits"
    )
    parser.add_argument("--iglu-config", type=Path, metavar="FILE", help="the registry's settings, for the same reason")
    parser.add_argument("--render", type=Path, metavar="DIR", help="only write the configuration there, and name it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
