"""One provider of the double: what it answers to each call of Terraform's plugin protocol."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.doubles.terraform import aws, sources, vault
from tests.doubles.terraform.convert import Problem, path_message, problem_messages, read, schemas_message, write
from tests.doubles.terraform.documents import DocumentError
from tests.doubles.terraform.lifecycle import Lifecycle
from tests.doubles.terraform.place import Place, PlaceError, aws_place
from tests.doubles.terraform.replacement import decided_anew, differs, replacing
from tests.doubles.terraform.rules import engine
from tests.doubles.terraform.schema import Block, Schemas
from tests.doubles.terraform.values import UNKNOWN, Values, planned
from tests.doubles.terraform.vault import VaultError
from tests.doubles.terraform.wire import MESSAGES


@dataclass(slots=True)
class Caller:
    """One configured provider in one run of Terraform: each has a connection of its own."""

    place: Place


class Provider:
    """The calls that Terraform makes, under the protocol's names in our spelling."""

    def __init__(self, name: str, schemas: Schemas, lifecycle: Lifecycle) -> None:
        self.name = name
        self.offer(schemas)
        self._lifecycle = lifecycle

    def offer(self, schemas: Schemas) -> None:
        """Serves these types from now on."""
        self.schemas = schemas
        self._message = schemas_message(schemas)

    def get_provider_schema(self, _: Any, __: Caller) -> Any:
        """What the provider offers."""
        return self._message

    def validate_provider_config(self, _: Any, __: Caller) -> Any:
        """Nothing: a region that a variable gives is known at `configure` only."""
        return MESSAGES["ProviderValidated"]()

    def configure_provider(self, request: Any, caller: Caller) -> Any:
        """Remembers the region and the default tags for this connection."""
        problems: list[Problem] = []
        if self.name == "aws":
            try:
                caller.place = aws_place(read(request.config) or {})
            except PlaceError as error:
                problems.append(Problem("Invalid provider configuration", str(error), ("region",)))
        return MESSAGES["Validated"](diagnostics=problem_messages(problems))

    def validate_resource_config(self, request: Any, _: Caller) -> Any:
        """What the rules say."""
        block = self.schemas.resources[request.type_name]
        problems = engine.check(request.type_name, block, read(request.config) or {})
        return MESSAGES["Validated"](diagnostics=problem_messages(problems))

    def validate_data_resource_config(self, _: Any, __: Caller) -> Any:
        """Nothing beyond what Terraform itself checks against the schema."""
        return MESSAGES["Validated"]()

    def validate_ephemeral_resource_config(self, _: Any, __: Caller) -> Any:
        """Nothing beyond what Terraform itself checks against the schema."""
        return MESSAGES["Validated"]()

    def upgrade_resource_state(self, request: Any, _: Caller) -> Any:
        """The same state: the double has one version of each schema."""
        raw = json.loads(request.raw_state.json)
        block = self.schemas.resources[request.type_name]
        known = {name: raw.get(name) for name in (*block.attributes, *block.blocks)}
        return MESSAGES["State"](state=MESSAGES["Dynamic"](json=json.dumps(known).encode()))

    def read_resource(self, request: Any, _: Caller) -> Any:
        """The resource as it is, null when it is gone."""
        state = self._lifecycle.read(request.type_name, read(request.current_state))
        return MESSAGES["State"](state=write(state), private=request.private)

    def plan_resource_change(self, request: Any, caller: Caller) -> Any:
        """What the resource will be, and which changes need a new one."""
        block = self.schemas.resources[request.type_name]
        if read(request.proposed_new_state) is None:
            return MESSAGES["Planned"](planned_state=request.proposed_new_state, private=request.private)
        prior = read(request.prior_state)
        after = self._planned(request.type_name, block, read(request.config), prior, caller.place)
        paths = [path_message((name,)) for name in replacing(request.type_name, prior, after)]
        legacy = self._lifecycle.is_real(request.type_name)
        return MESSAGES["Planned"](planned_state=write(after), requires_replace=paths, legacy_type_system=legacy)

    def apply_resource_change(self, request: Any, caller: Caller) -> Any:
        """Makes, changes or removes the resource."""
        block = self.schemas.resources[request.type_name]
        prior, after = read(request.prior_state), read(request.planned_state)
        legacy = self._lifecycle.is_real(request.type_name)
        if problems := engine.refuse(request.type_name, read(request.config) or {}):
            messages = problem_messages(problems)
            return MESSAGES["Applied"](new_state=request.prior_state, diagnostics=messages)
        try:
            secret = vault.write_only(block, read(request.config))
            state = self._lifecycle.apply(request.type_name, block, prior, after, secret, caller.place)
        except Exception as error:  # whatever a back end raises is the service's refusal
            problem = Problem(f"{request.type_name}: {type(error).__name__}", str(error))
            messages = problem_messages([problem])
            return MESSAGES["Applied"](new_state=request.prior_state, diagnostics=messages, legacy_type_system=legacy)
        return MESSAGES["Applied"](new_state=write(state), legacy_type_system=legacy)

    def import_resource_state(self, request: Any, _: Caller) -> Any:
        """A resource of which the id alone is known; a back end knows more when Terraform reads it next."""
        block = self.schemas.resources[request.type_name]
        state = planned(block, None, None, lambda *_: None) | {"id": request.id}
        found = MESSAGES["ImportedResource"](type_name=request.type_name, state=write(state))
        return MESSAGES["Imported"](imported_resources=[found])

    def read_data_source(self, request: Any, caller: Caller) -> Any:
        """The answer, or a refusal."""
        block = self.schemas.data_sources[request.type_name]
        config = read(request.config)
        try:
            found = sources.answer(request.type_name, config, caller.place)
        except (sources.SourceError, DocumentError) as error:
            problem = Problem(f"Reading {request.type_name}", str(error))
            return MESSAGES["State"](diagnostics=problem_messages([problem]))
        if "region" in block.attributes:
            found.setdefault("region", caller.place.region)
        state = planned(block, config, None, lambda name, _, around: found.get(name) if around is config else None)
        return MESSAGES["State"](state=write(state))

    def open_ephemeral_resource(self, request: Any, caller: Caller) -> Any:
        """A secret, for as long as Terraform runs."""
        block = self.schemas.ephemerals[request.type_name]
        config = read(request.config)
        try:
            found = vault.opened(request.type_name, config, caller.place, self._lifecycle.vault)
        except VaultError as error:
            problem = Problem(f"Opening {request.type_name}", str(error))
            return MESSAGES["Opened"](diagnostics=problem_messages([problem]))
        return MESSAGES["Opened"](result=write(planned(block, config, None, lambda name, *_: found.get(name))))

    def renew_ephemeral_resource(self, _: Any, __: Caller) -> Any:
        """Nothing to renew."""
        return MESSAGES["Validated"]()

    def close_ephemeral_resource(self, _: Any, __: Caller) -> Any:
        """Nothing to close."""
        return MESSAGES["Validated"]()

    def stop_provider(self, _: Any, __: Caller) -> Any:
        """Nothing to stop: no call takes long."""
        return MESSAGES["Stopped"]()

    def _planned(
        self, type_name: str, block: Block, config: Values, prior: Mapping[str, Any] | None, place: Place
    ) -> Values:
        after = planned(block, config, dict(prior) if prior else None, lambda *_: UNKNOWN)
        if self.name == "aws":
            aws.settle(type_name, block, after, prior, place)
        if prior is not None and any(differs(prior.get(name), value) for name, value in after.items()):
            for name in decided_anew(type_name, block):
                after[name] = UNKNOWN
        return after
