"""What Prometheus looks for, beside what the machines say of themselves."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import yaml
from tests.doubles.terraform.state import State
from tests.terraform.state.world import some, stage_of, tags_of, template_of, world, written_files

SCRAPED = ("collector",)
"""Stages whose application publishes metrics on port 8125; a test asks the applications' settings."""


def unscraped(state: State) -> list[str]:
    """Stages that publish metrics and are not found, or are found and publish none."""
    found = list(some(state, "aws_autoscaling_group"))
    groups = {stage_of(group): group for group in state.of("aws_autoscaling_group")}
    if "prometheus" not in groups:
        return [*found, "there is no Prometheus"]
    files = written_files(template_of(state, groups["prometheus"]))
    config = yaml.safe_load(files.get("/etc/snowmelt/prometheus.yml", "{}")) or {}
    searches = [search for job in config.get("scrape_configs", []) for search in job.get("ec2_sd_configs", [])]
    if not searches:
        return [*found, "Prometheus looks for no machines"]
    for search in searches:
        if search.get("port") != 8125:
            found.append(f"Prometheus asks on port {search.get('port')}, not on 8125")
        if search.get("region") != world(state).region:
            found.append(f"Prometheus looks in {search.get('region')}")
    for stage, group in groups.items():
        seen = any(_finds(search, tags_of(group)) for search in searches)
        if seen != (stage in SCRAPED):
            found.append(f"{group.address}: {'is scraped in vain' if seen else 'is not scraped'}")
    return found


def _finds(search: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    """Whether EC2 answers a search with a machine of these tags; filters other than on tags are taken as true."""
    for wanted in search.get("filters", []):
        name = wanted["name"]
        if name.startswith("tag:"):
            value = tags.get(name.removeprefix("tag:"))
            if value is None or not any(fnmatchcase(value, pattern) for pattern in wanted["values"]):
                return False
    return True
