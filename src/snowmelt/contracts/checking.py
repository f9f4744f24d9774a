"""Findings about schemas in files: each by itself, and beside the versions that lie in the same folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from snowmelt.contracts.difference import difference
from snowmelt.contracts.documents import Document, read
from snowmelt.iglu.lint import Finding, errors, lint
from snowmelt.iglu.publication import Published, refuse
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what is to be mended in it."""

    document: Document
    findings: Sequence[Finding]

    @property
    def errors(self) -> int:
        """How many forbid to publish it."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many are only said."""
        return len(self.findings) - self.errors


def check(document: Document) -> Checked:
    """All that is to be mended, errors first. Raises ContractError where a neighbour cannot be read."""
    if document.body is None:
        return Checked(document, [Finding("$", "is not a JSON object", "error")])
    findings = lint(document.body, document.place)
    if document.place is not None:
        findings += _beside_neighbours(document, document.place, is_sound=not errors(findings))
    elif document.file.parent.name == "jsonschema":
        findings.append(Finding("$", f"is in a file called {document.file.name}, which is no version", "error"))
    return Checked(document, sorted(findings, key=lambda finding: finding.severity))


def _beside_neighbours(document: Document, key: SchemaKey, *, is_sound: bool) -> Iterator[Finding]:
    """What the versions before it mean for it: that none is left out, and how much its own has to rise."""
    siblings = (SchemaVer.parse(file.name) for file in document.file.parent.iterdir())
    lower = sorted(version for version in siblings if version is not None and version < key.version)
    known = [Published(version, is_public=True) for version in lower]
    refusal = refuse(key, is_public=True, known=known, same_body=None, patches_allowed=False)
    if refusal is not None:  # a folder that begins later on is part of a registry, which may have the rest
        yield Finding("$.self.version", f"breaks a rule. {refusal.message}", "error" if lower else "warning")
    if lower and is_sound and document.body is not None:
        before = read(document.file.with_name(str(lower[-1])))
        before_key = before.key
        if before.body is not None and before_key is not None and not errors(lint(before.body, before.place)):
            found = difference((before_key, before.body), (key, document.body))
            if found.needed is not None and not found.is_right:
                right = f"{found.needed.name}, {found.needed.after(lower[-1])}, would be right"
                said = f"rises too little from {lower[-1]}: {found.facts[0]}; {right}"
                yield Finding("$.self.version", said, "warning")
