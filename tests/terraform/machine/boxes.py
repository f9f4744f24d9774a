"""A machine as Terraform would start it: the files that cloud-init writes, what it runs, and each container's unit."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from tests.doubles.terraform import State
from tests.terraform.state.world import stage_of, template_of, user_data

FLAGS = ("--rm", "--read-only", "--network host", "--cap-drop ALL", "--security-opt no-new-privileges")
"""What every container is run with."""
_WITH_VALUE = {"--name", "--network", "--tmpfs", "--cap-drop", "--security-opt", "--env-file", "--volume", "--memory"}
_WITH_VALUE |= {"--user", "--log-driver", "--log-opt"}


@dataclass(frozen=True, slots=True)
class Container:
    """What a unit runs, out of `docker run`."""

    image: str
    command: Sequence[str]
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Box:
    """One stage's machine."""

    text: str
    files: Mapping[str, str]
    modes: Mapping[str, str]
    commands: Sequence[Sequence[str]]

    def unit(self, key: str) -> str:
        """The text of a container's unit."""
        return self.files[f"/etc/systemd/system/snowmelt-{key}.service"]

    def container(self, key: str) -> Container:
        """What the unit starts."""
        (line,) = re.findall(r"(?m)^ExecStart=(.*)$", self.unit(key))
        return docker_run(line)

    def environment(self, key: str) -> dict[str, str]:
        """The variables in the environment file, as docker reads it."""
        lines = self.files[f"/etc/snowmelt/env/{key}.env"].splitlines()
        return dict(line.split("=", 1) for line in lines)

    def write(self, folder: Path, *below: str) -> None:
        """Writes the files that lie below these paths, each at its place below the folder."""
        for path, text in self.files.items():
            if path.startswith(below):
                target = folder / path.removeprefix("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
                target.chmod(int(self.modes[path], 8))


def box(state: State, stage: str) -> Box:
    """The machine of a stage."""
    (group,) = (group for group in state.of("aws_autoscaling_group") if stage_of(group) == stage)
    text = user_data(template_of(state, group))
    config = yaml.safe_load(text)
    files = {file["path"]: file["content"] for file in config["write_files"]}
    modes = {file["path"]: file["permissions"] for file in config["write_files"]}
    return Box(text, files, modes, config["runcmd"])


def docker_run(line: str) -> Container:
    """Reads a line of systemd. Raises ValueError where it is no `docker run` as every container is to be run."""
    program, verb, *words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]
    if (program, verb) != ("/usr/bin/docker", "run"):
        raise ValueError(f"{program} {verb} is not docker run")
    flags = []
    while words and words[0].startswith("-"):
        flag = words.pop(0)
        flags.append(f"{flag} {words.pop(0)}" if flag in _WITH_VALUE else flag)
    if missing := [flag for flag in FLAGS if flag not in flags]:
        raise ValueError(f"it is run without {', '.join(missing)}")
    return Container(words[0], words[1:], flags)
