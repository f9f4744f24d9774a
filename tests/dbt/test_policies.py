"""What holds for every model, whoever writes it."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from tests.dbt.conftest import Dbt

ENGINE_WORDS = (
    r"\bepoch(?:_ms)?\(|\bunix_millis\(|\bregexp_(?:matches|like)\(|\brlike\b|\bunnest\(|\bexplode\(|\blateral view\b"
    r"|\blist(?:_\w+)?\(|\bcollect_(?:set|list)\(|\b(?:try_)?element_at\(|\b\w*array(?:_\w+)?\(|\bstruct(?:_pack)?\("
    r"|\bdate_?diff\(|\btimestampdiff\(|\bdate_?add\(|\bstrftime\(|\bdate_format\(|\b(?:arg_(?:min|max)|(?:min|max)_by)\("
    r"|\bqualify\b|::|\[\d+\]"
)
"""Functions and forms that only one engine has, or has otherwise, or that Spark lacks."""

TEMPLATE = r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|--[^\n]*"
"""What is not SQL."""


@pytest.fixture(scope="module")
def models(dbt: Dbt) -> dict[str, Any]:
    return {node.name: node for node in dbt.manifest.nodes.values() if node.resource_type == "model"}


@pytest.fixture(scope="module")
def tested(dbt: Dbt) -> dict[str, set[str]]:
    """Kinds of tests by model."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for node in dbt.manifest.nodes.values():
        if getattr(node, "attached_node", None):
            kinds[node.attached_node.split(".")[-1]].add(node.test_metadata.name)
    for unit_test in dbt.manifest.unit_tests.values():
        kinds[unit_test.model].add("unit_test")
    return kinds


def test_every_mart_keeps_its_word(models: dict[str, Any]):
    marts = [model for model in models.values() if "marts" in model.fqn]
    assert len(marts) >= 6
    for mart in marts:
        assert mart.config.contract.enforced, f"{mart.name}: marts have contracts"
        assert mart.access == "public", f"{mart.name}: marts are public"
        assert all(column.data_type for column in mart.columns.values()), f"{mart.name}: each column has a type"


def test_every_model_has_an_owner(models: dict[str, Any], dbt: Dbt):
    owners = {group.name: group.owner for group in dbt.manifest.groups.values()}
    for model in models.values():
        assert model.config.group in owners, f"{model.name}: no group"
        assert owners[model.config.group].email
    for exposure in dbt.manifest.exposures.values():
        assert exposure.owner.email


def test_every_model_is_described_and_every_column_once(models: dict[str, Any], dbt: Dbt):
    """A column's text comes from the doc block of its name, so it is written once and reads alike everywhere."""
    docs = [doc for doc in dbt.manifest.docs.values() if doc.package_name == "snowmelt"]
    blocks = {doc.name: doc.block_contents.strip() for doc in docs}
    used = set()
    for model in models.values():
        assert model.description, f"{model.name}: no description"
        assert model.columns, f"{model.name}: no columns"
        for name, column in model.columns.items():
            assert column.description == blocks.get(name), f"{model.name}.{name}: describe it in models/docs/columns.md"
            used.add(name)
    seeds = [node for node in dbt.manifest.nodes.values() if node.resource_type == "seed"]
    used |= {name for seed in seeds for name in seed.columns}
    assert set(blocks) == used, "doc blocks of columns that are gone"
    assert len(set(blocks.values())) == len(blocks), "two doc blocks say the same"


def test_every_model_is_tested(models: dict[str, Any], tested: dict[str, set[str]]):
    for name in models:
        assert "unit_test" in tested[name], f"{name}: a unit test for its formulas"
        assert {"unique", "not_null"} <= tested[name], f"{name}: tests of its key"


def test_each_model_is_one_file_beside_its_description(models: dict[str, Any], root: Path):
    for model in models.values():
        file = root / "dbt" / model.original_file_path
        assert file.stem == model.name
        assert model.patch_path.endswith(str(Path(model.original_file_path).with_suffix(".yml"))), model.name


def test_layers_look_down_only(models: dict[str, Any]):
    layers = {"staging": "stg_", "intermediate": "int_", "marts": ""}
    order = list(layers)
    for model in models.values():
        layer = model.fqn[1]
        assert model.name.startswith(layers[layer]), f"{model.name}: named after its layer"
        for parent in model.depends_on.nodes:
            kind, _, *rest = parent.split(".")
            if kind == "source":
                assert layer == "staging", f"{model.name}: only staging reads sources"
            elif kind == "model":
                above = models[rest[-1]].fqn[1]
                assert order.index(above) <= order.index(layer), f"{model.name} reads {rest[-1]}"


def test_engines_differ_in_one_folder_only(root: Path):
    project = root / "dbt"
    texts = [file for folder in ("models", "macros", "tests") for file in sorted((project / folder).rglob("*.sql"))]
    assert len(texts) > 15
    for file in texts:
        if (project / "macros" / "adapters") in file.parents:
            continue
        words = re.findall(ENGINE_WORDS, re.sub(TEMPLATE, "", file.read_text(encoding="utf-8"), flags=re.DOTALL))
        assert not words, f"{file.name}: {words} belong in macros/adapters/"


def test_each_engine_has_each_macro(dbt: Dbt):
    """Of what is dispatched, both know how."""
    names = {macro.name for macro in dbt.manifest.macros.values() if macro.package_name == "snowmelt"}
    engines = {"duckdb", "databricks"}
    ours = {name.split("__", 1)[1] for name in names if name.split("__", 1)[0] in engines}
    assert len(ours) >= 5
    assert not {f"{engine}__{name}" for engine in engines for name in ours} - names


def test_nothing_is_told_to_anyone(dbt: Dbt):
    assert dbt.manifest.metadata.send_anonymous_usage_stats is False
