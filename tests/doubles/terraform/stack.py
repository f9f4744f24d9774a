"""One configuration, planned and applied against the double."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.doubles.terraform import terraform
from tests.doubles.terraform.cloud import Cloud
from tests.doubles.terraform.state import Plan, State, parse_state
from tests.doubles.terraform.tree import copied

_BACKEND = """terraform {
  backend "http" {
    address = "%s"
  }
}
"""


class Stack:
    """A folder of configuration with its own state. Everything that Terraform writes goes into `work`.

    It runs on a copy, so that the tree stays as it is and a remote backend can give way to a state file in `work`.
    """

    def __init__(
        self,
        folder: Path,
        cloud: Cloud,
        work: Path,
        variables: Mapping[str, Any] | None = None,
        variable_file: Path | None = None,
    ) -> None:
        self._cloud = cloud
        self._work = work
        self._variables = dict(variables or {})
        self._variable_files = [f"-var-file={variable_file}"] if variable_file else []
        self._plan_text = ""
        self._ready = False
        work.mkdir(parents=True, exist_ok=True)
        self._copy = copied(folder, work / "tree")
        address = cloud.state_address(work / "terraform.tfstate")
        (self._copy / "state_override.tf").write_text(_BACKEND % address, encoding="utf-8")
        cloud.offer(work / "tree")

    def validate(self) -> None:
        """Raises TerraformError where the configuration is not valid."""
        self._run("validate", "-no-color")

    def plan(self, **variables: Any) -> Plan:
        """What an apply would do."""
        text = self._run("plan", "-no-color", "-lock=false", f"-out={self._planned}", *self._files(variables))
        document = self._run("show", "-json", str(self._planned))
        self._plan_text = f"{text}\n{document}"
        return Plan(json.loads(document), text)

    def apply(self, **variables: Any) -> State:
        """What is there after an apply."""
        self._run("apply", "-auto-approve", "-no-color", "-lock=false", *self._files(variables))
        return self.state()

    def state(self) -> State:
        """What is there now."""
        return parse_state(self._run("show", "-json"))

    def destroy(self) -> None:
        """Removes everything."""
        self._run("destroy", "-auto-approve", "-no-color", "-lock=false", *self._files({}))

    def output(self, name: str) -> Any:
        """An output's value, also where it is sensitive."""
        return json.loads(self._run("output", "-json", name))

    @property
    def state_text(self) -> str:
        """The state file as it lies on the disk."""
        file = self._work / "terraform.tfstate"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    @property
    def plan_text(self) -> str:
        """The last plan: what was printed and its JSON."""
        return self._plan_text

    def run(self, *arguments: str) -> str:
        """What any other command of Terraform prints, such as `import` or `state`."""
        return self._run(*arguments)

    @property
    def _planned(self) -> Path:
        return self._work / "plan"

    def _files(self, variables: Mapping[str, Any]) -> list[str]:
        """Variables as a file: also what is no string keeps its type, and no secret is on a command line."""
        file = self._work / "test.tfvars.json"
        file.write_text(json.dumps(self._variables | dict(variables)), encoding="utf-8")
        return [*self._variable_files, f"-var-file={file}"]

    def _run(self, *arguments: str) -> str:
        environment = self._cloud.environment | {"TF_DATA_DIR": str(self._work / "data")}
        if not self._ready:
            terraform.find().run(self._copy, ["init", "-no-color"], environment)
            self._ready = True
        return terraform.find().run(self._copy, arguments, environment)
