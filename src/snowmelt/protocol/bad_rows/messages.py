"""What went wrong, as values: the failure messages of bad rows. `to_json` cuts texts to the limits of the schemas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from snowmelt.protocol import timestamps
from snowmelt.protocol.bad_rows import limits
from snowmelt.protocol.bad_rows.limits import cut
from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey
from snowmelt.protocol.self_describing import NotIglu


@dataclass(frozen=True, slots=True)
class SimpleError:
    """A failure that one sentence describes."""

    error: str

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        return {"error": cut(self.error, limits.ERROR)}


@dataclass(frozen=True, slots=True)
class InputData:
    """A field whose value is not what was expected; `value` None when the field was absent."""

    field: str
    value: str | None
    expectation: str

    def to_json(self, field_key: str = "field") -> dict[str, Json]:
        """The message of a bad row; collector_payload_format_violation calls the field `payloadField`."""
        return {
            field_key: cut(self.field, limits.FIELD),
            "value": self.value,
            "expectation": cut(self.expectation, limits.EXPECTATION),
        }


@dataclass(frozen=True, slots=True)
class NotJson:
    """A field that should hold JSON and does not."""

    field: str
    value: str | None
    error: str

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        return {"field": cut(self.field, limits.FIELD), "value": self.value, "error": self.error}


@dataclass(frozen=True, slots=True)
class CriterionMismatch:
    """Data of another schema than the place it stands in allows."""

    schema_key: SchemaKey
    criterion: SchemaCriterion

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        return {"schemaKey": self.schema_key.uri, "schemaCriterion": str(self.criterion)}


class LookupProblem(StrEnum):
    """Why one registry did not give a schema."""

    NOT_FOUND = "NotFound"
    REPO_FAILURE = "RepoFailure"
    CLIENT_FAILURE = "ClientFailure"


@dataclass(frozen=True, slots=True)
class Lookup:
    """How one registry was asked for a schema: every problem met, the number of attempts, and when the last was."""

    repository: str
    problems: Sequence[tuple[LookupProblem, str | None]]
    attempts: int
    last_attempt: datetime

    def to_json(self) -> dict[str, Json]:
        """An item of a lookup history."""
        problems: list[Json] = []
        for problem, message in self.problems or [(LookupProblem.NOT_FOUND, None)]:
            detail: dict[str, Json] = {} if message is None else {"message": cut(message, limits.LOOKUP_MESSAGE)}
            problems.append({"error": problem.value, **detail})
        return {
            "repository": self.repository,
            "errors": problems,
            "attempts": self.attempts,
            "lastAttempt": timestamps.iso(self.last_attempt),
        }


@dataclass(frozen=True, slots=True)
class ResolutionError:
    """No registry gave the schema. There is a lookup for each registry, at least one."""

    history: Sequence[Lookup]

    def __post_init__(self) -> None:
        if not self.history:
            raise ValueError("a resolution error names at least one registry")

    def to_json(self) -> dict[str, Json]:
        """The error of an Iglu message."""
        return {"error": "ResolutionError", "lookupHistory": [lookup.to_json() for lookup in self.history]}


@dataclass(frozen=True, slots=True)
class Report:
    """One violation of a schema: a sentence, the JSON path ("$.a.b[0]"), the keyword and what it was compared with."""

    message: str
    path: str | None
    keyword: str | None
    targets: Sequence[str] | None

    def to_json(self) -> dict[str, Json]:
        """An item of the data reports."""
        targets: list[Json] | None = None if self.targets is None else list(self.targets)
        return {"message": self.message, "path": self.path, "keyword": self.keyword, "targets": targets}


@dataclass(frozen=True, slots=True)
class ValidationError:
    """The data violates its schema; `superseded_by` is the version it was really validated with, if another."""

    reports: Sequence[Report]
    superseded_by: str | None = None

    def __post_init__(self) -> None:
        if not self.reports:
            raise ValueError("a validation error reports at least one violation")

    def to_json(self) -> dict[str, Json]:
        """The error of an Iglu message."""
        reports: list[Json] = [report.to_json() for report in self.reports]
        return {**_superseded(self.superseded_by), "error": "ValidationError", "dataReports": reports}


@dataclass(frozen=True, slots=True)
class InvalidSchema:
    """The schema itself is invalid and validates nothing: (JSON path, sentence) for every issue, at least one."""

    issues: Sequence[tuple[str, str]]
    superseded_by: str | None = None

    def __post_init__(self) -> None:
        if not self.issues:
            raise ValueError("an invalid schema has at least one issue")

    def to_json(self) -> dict[str, Json]:
        """The error of an Iglu message."""
        issues: list[Json] = [{"path": path, "message": message} for path, message in self.issues]
        return {**_superseded(self.superseded_by), "error": "ValidationError", "schemaIssues": issues}


def _superseded(version: str | None) -> dict[str, Json]:
    return {} if version is None else {"supersededBy": cut(version, limits.SUPERSEDED_BY)}


@dataclass(frozen=True, slots=True)
class IgluError:
    """A schema could not be found, is invalid, or is violated."""

    schema_key: SchemaKey
    error: ResolutionError | ValidationError | InvalidSchema

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        return {"schemaKey": self.schema_key.uri, "error": self.error.to_json()}


@dataclass(frozen=True, slots=True)
class EnrichmentFailure:
    """A failure inside of enrich. `enrichment` is the schema and name of its configuration; None for the setup."""

    message: InputData | SimpleError | IgluError
    enrichment: tuple[SchemaKey, str] | None = None

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        origin: dict[str, Json] | None = None
        if self.enrichment is not None:
            schema_key, identifier = self.enrichment
            origin = {"schemaKey": schema_key.uri, "identifier": cut(identifier, limits.IDENTIFIER)}
        return {"enrichment": origin, "message": self.message.to_json()}


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """A column of an enriched event that cannot be read; `key` None when no single column is to blame."""

    key: str | None
    value: str
    message: str

    def to_json(self) -> dict[str, Json]:
        """An item of the errors of a loader_parsing_error."""
        if self.key is None:
            return {"type": "UnhandledRowDecodingError", "message": self.message}
        key = cut(self.key, limits.DECODING_KEY)
        return {"type": "InvalidValue", "key": key, "value": self.value, "message": self.message}


@dataclass(frozen=True, slots=True)
class UnusableSchema:
    """A schema that is valid but no table column can be made from, or whose registry failed; and a sentence why."""

    schema_key: SchemaKey
    message: str

    def to_json(self) -> dict[str, Json]:
        """A failure of a loader_iglu_error."""
        return {"schemaKey": self.schema_key.uri, "message": self.message}


@dataclass(frozen=True, slots=True)
class WrongType:
    """A value that the type of its column does not hold."""

    schema_key: SchemaKey
    value: Json
    expected: str

    def to_json(self) -> dict[str, Json]:
        """A failure of a loader_iglu_error."""
        return {"schemaKey": self.schema_key.uri, "value": self.value, "expected": self.expected}


AdapterMessage: TypeAlias = InputData | NotJson | NotIglu
TrackerMessage: TypeAlias = InputData | NotJson | NotIglu | CriterionMismatch | IgluError
SchemaMessage: TypeAlias = NotJson | NotIglu | CriterionMismatch | IgluError
LoaderMessage: TypeAlias = IgluError | UnusableSchema | WrongType
