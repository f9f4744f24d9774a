"""What the validator says against data, as a message of a bad row."""

from datetime import UTC, datetime

from snowmelt.iglu import validation
from snowmelt.iglu.resolver import Attempt
from snowmelt.protocol.bad_rows import (
    IgluError,
    InvalidSchema,
    Lookup,
    LookupProblem,
    Report,
    ResolutionError,
    ValidationError,
)


def message(problem: validation.Problem) -> IgluError:
    """The message of a problem."""
    superseded_by = None if problem.superseded_by is None else str(problem.superseded_by)
    match problem:
        case validation.ResolutionError(failure=failure):
            return IgluError(problem.key, ResolutionError([_lookup(attempt) for attempt in failure.history]))
        case validation.ValidationError(reports=reports):
            said = [Report(report.message, report.path, report.keyword, report.targets) for report in reports]
            return IgluError(problem.key, ValidationError(said, superseded_by))
        case validation.InvalidSchema(path=path, message=issue):
            return IgluError(problem.key, InvalidSchema([(path, issue)], superseded_by))


def _lookup(attempt: Attempt) -> Lookup:
    failed = attempt.failure is not None
    problem = LookupProblem.REPO_FAILURE if failed else LookupProblem.NOT_FOUND
    last = datetime.fromtimestamp(attempt.last_attempt, UTC)
    return Lookup(attempt.repository, [(problem, attempt.failure)], attempt.attempts, last)
