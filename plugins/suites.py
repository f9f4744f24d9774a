"""What a batch of rows must be: suites kept as data in include/expectations, judged by Great Expectations.

A suite is two files of one name: ``<name>.sql`` selects the batch, ``<name>.yml`` lists what it must be. The batch is
a pandas frame, since Great Expectations' SQL engine closes its connection before it has fetched from DuckDB. It is
imported only when a suite is judged: that takes seconds, and every DAG file would pay for them.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationValidationResult

FOLDER = Path(__file__).parents[1] / "include" / "expectations"
EXAMPLES = 3


class SuiteError(ValueError):
    """A suite file that cannot be used; the message names the file, the entry and what is wrong with it."""


class Severity(StrEnum):
    """What a failed expectation does: *stop* holds the run, *warn* is told and lets it pass."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing a batch must be: ``type`` and ``arguments`` are Great Expectations' own, ``why`` is ours."""

    type: str
    arguments: Mapping[str, Any]
    severity: Severity
    why: str

    @property
    def name(self) -> str:
        """Names it in a report or a reason, as ``column_values_to_not_be_null(event_id)``."""
        columns = [str(value) for key, value in self.arguments.items() if key.lower().startswith("column")]
        return f"{self.type.removeprefix('expect_')}({', '.join(columns)})"


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of expectations and the statement that selects the batch they judge."""

    name: str
    query: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one expectation went. ``checked`` and ``unexpected`` count rows; None where it judges the whole batch."""

    expectation: Expectation
    success: bool
    checked: int | None = None
    unexpected: int | None = None
    observed: Any = None
    examples: tuple[Any, ...] = ()
    error: str | None = None

    def __str__(self) -> str:
        """One sentence: which expectation, on how many rows, for instance what, and why it matters."""
        if self.error is not None:
            found = f"could not be judged: {self.error}"
        elif self.unexpected is not None:
            found = f"failed on {self.unexpected} of {self.checked} rows"
            if self.examples:
                found += f" (for instance {', '.join(map(repr, self.examples))})"
        else:
            found = f"failed: found {self.observed}"
        return f"{self.expectation.name} {found}; {self.expectation.why}"


def read(name: str, folder: Path = FOLDER) -> Suite:
    """The suite of that name. Raises SuiteError for a missing file or an entry that is not an expectation."""
    listing, query = folder / f"{name}.yml", folder / f"{name}.sql"
    for file in (listing, query):
        if not file.is_file():
            raise SuiteError(f"suite {name} needs {file.name} in {folder}")
    entries = yaml.safe_load(listing.read_text(encoding="utf-8")) or []
    expectations = tuple(
        _expectation(entry, f"{listing.name}, entry {place}") for place, entry in enumerate(entries, 1)
    )
    return Suite(name, query.read_text(encoding="utf-8"), expectations)


def judge(suite: Suite, batch: pd.DataFrame) -> list[Outcome]:
    """How each expectation of the suite goes on the batch, in the suite's order.

    What cannot be judged, such as a column that is not there, is a failed outcome with its error, never a pass.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Great Expectations' own dependencies deprecate is not ours to report
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset(suite.name)
        rows = asset.add_batch_definition_whole_dataframe("batch").get_batch({"dataframe": batch})
        configured = [
            ExpectationConfiguration(
                type=expectation.type, kwargs=dict(expectation.arguments), meta={"place": place}
            ).to_domain_obj()
            for place, expectation in enumerate(suite.expectations)
        ]
        results = rows.validate(gx.ExpectationSuite(name=suite.name, expectations=configured)).results
    found = {config.meta["place"]: result for result in results if (config := result.expectation_config)}
    return [_outcome(expectation, found[place]) for place, expectation in enumerate(suite.expectations)]


def failed(outcomes: Sequence[Outcome], severity: Severity) -> list[Outcome]:
    """The failed outcomes of that severity."""
    return [outcome for outcome in outcomes if not outcome.success and outcome.expectation.severity is severity]


def _expectation(entry: object, where: str) -> Expectation:
    if not isinstance(entry, dict) or not {"expect", "severity", "why"} <= entry.keys():
        raise SuiteError(f"{where}: give `expect`, `severity` and `why`, e.g. expect: column_values_to_not_be_null")
    arguments = {key: value for key, value in entry.items() if key not in ("expect", "severity", "why")}
    if entry["severity"] not in list(Severity):
        raise SuiteError(f"{where}: severity is {entry['severity']!r}, use stop or warn")
    return Expectation(f"expect_{entry['expect']}", arguments, Severity(entry["severity"]), entry["why"])


def _outcome(expectation: Expectation, result: ExpectationValidationResult) -> Outcome:
    numbers = result.result
    return Outcome(
        expectation=expectation,
        success=bool(result.success),
        checked=numbers.get("element_count"),
        unexpected=numbers.get("unexpected_count"),
        observed=numbers.get("observed_value"),
        examples=tuple(dict.fromkeys(map(_readable, numbers.get("partial_unexpected_list", []))))[:EXAMPLES],
        error=_error(result.exception_info),
    )


def _readable(value: object) -> object:
    return tuple(map(_readable, value)) if isinstance(value, list | tuple) else str(value)


def _error(info: Mapping[str, Any] | None) -> str | None:
    """The message of what Great Expectations could not do; it nests one entry a metric unless all went well."""
    entries = [info, *info.values()] if info else []
    messages = (entry.get("exception_message") for entry in entries if isinstance(entry, Mapping))
    return next((str(message) for message in messages if message), None)
