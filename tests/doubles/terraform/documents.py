"""Computes `aws_iam_policy_document`: the real provider does so on its own, and so can we."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]


class DocumentError(ValueError):
    """A policy document that the provider refuses."""


def policy_document(config: Mapping[str, Any]) -> Json:
    """The attributes `json`, `minified_json` and `id` of the data source. Raises DocumentError."""
    version = config.get("version") or "2012-10-17"
    merged = _sources(config, "source_policy_documents")
    own = [_statement(block, version) for block in config.get("statement") or []]
    _refuse_twins(merged)
    _refuse_twins(own)
    for statement in (*own, *_sources(config, "override_policy_documents")):
        merged = _override(merged, statement)
    document: Json = {"Version": version}
    if config.get("policy_id"):
        document["Id"] = config["policy_id"]
    document["Statement"] = merged
    text = json.dumps(document, indent=2, ensure_ascii=False)
    minified = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return {"json": text, "minified_json": minified, "id": str(zlib.crc32(text.encode())), "version": version}


def _sources(config: Mapping[str, Any], name: str) -> list[Json]:
    found: list[Json] = []
    for position, text in enumerate(config.get(name) or []):
        if not text:
            continue
        try:
            statements = json.loads(text).get("Statement", [])
        except (ValueError, AttributeError) as error:
            raise DocumentError(f"{name}[{position}] is no policy in JSON ({error})") from None
        found.extend(statements if isinstance(statements, list) else [statements])
    return found


def _statement(block: Mapping[str, Any], version: str) -> Json:
    made: Json = {}
    if block.get("sid"):
        made["Sid"] = block["sid"]
    made["Effect"] = block.get("effect") or "Allow"
    for argument, element in (("actions", "Action"), ("not_actions", "NotAction")):
        if block.get(argument):
            made[element] = _one_or_many(_sorted(block[argument]))
    for argument, element in (("resources", "Resource"), ("not_resources", "NotResource")):
        if block.get(argument):
            made[element] = _one_or_many(_variables(value, version) for value in _sorted(block[argument]))
    for argument, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(argument):
            made[element] = _principals(block[argument])
    if block.get("condition"):
        made["Condition"] = _conditions(block["condition"], version)
    _check(made)
    return made


def _principals(blocks: Iterable[Mapping[str, Any]]) -> str | Json:
    by_type: dict[str, list[str]] = {}
    for block in blocks:
        by_type.setdefault(block["type"], []).extend(block["identifiers"])
    if by_type == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_many(_sorted(found)) for kind, found in sorted(by_type.items())}


def _conditions(blocks: Iterable[Mapping[str, Any]], version: str) -> Json:
    """Conditions of one test and variable are merged; a single value stands alone."""
    merged: dict[str, dict[str, list[str]]] = {}
    for block in blocks:
        values = merged.setdefault(block["test"], {}).setdefault(block["variable"], [])
        values.extend(_variables(value, version) for value in block["values"] if value not in values)
    return {
        test: {name: _one_or_many(values) for name, values in sorted(found.items())}
        for test, found in sorted(merged.items())
    }


def _override(statements: list[Json], override: Json) -> list[Json]:
    """The statements with the one of the same Sid replaced in its place; else with one more at the end."""
    sid = override.get("Sid")
    if sid and any(statement.get("Sid") == sid for statement in statements):
        return [override if statement.get("Sid") == sid else statement for statement in statements]
    return [*statements, override]


def _refuse_twins(statements: list[Json]) -> None:
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid")
        if sid in seen:
            raise DocumentError(f'duplicate Sid "{sid}": give each statement a name of its own')
        if sid:
            seen.add(sid)


def _check(statement: Json) -> None:
    name = statement.get("Sid") or "without sid"
    if statement["Effect"] not in ("Allow", "Deny"):
        raise DocumentError(f'statement {name}: effect is Allow or Deny, not "{statement["Effect"]}"')
    if not ({"Action", "NotAction"} & statement.keys()):
        raise DocumentError(f"statement {name}: name its actions or not_actions")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if one in statement and other in statement:
            raise DocumentError(f"statement {name}: {one} and {other} exclude each other")


def _variables(value: str, version: str) -> str:
    """Policy variables are written `&{…}` in configurations, since Terraform takes `${…}` for its own."""
    if "&{" in value and version == "2008-10-17":
        raise DocumentError(f"found &{{…}} in version 2008-10-17 of the policy language: {value}")
    return value.replace("&{", "${")


def _sorted(values: Iterable[str]) -> list[str]:
    """The provider sorts what IAM takes for a set, last name first."""
    return sorted(values, reverse=True)


def _one_or_many(values: Iterable[str]) -> str | list[str]:
    found = list(values)
    return found[0] if len(found) == 1 else found
