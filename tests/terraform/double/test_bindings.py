"""Schemas read out of bindings."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.doubles.terraform import wheels
from tests.doubles.terraform.bindings import Module
from tests.doubles.terraform.catalog import Catalog, Wanted, declared
from tests.doubles.terraform.schema import Block

CATALOG = Catalog()

SOURCE = """
function thingRuleToHclTerraform(struct) {
    const attrs = {
        days: {
            value: cdktn.numberToHclTerraform(struct.days),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
}
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // days - computed: false, optional: false, required: true
    _days;
    get days() {
        return this.getNumberAttribute('days');
    }
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "aws_thing";
    // arn - computed: true, optional: false, required: false
    get arn() {
        return this.getStringAttribute('arn');
    }
    // names - computed: true, optional: false, required: false
    get names() {
        return cdktn.Fn.tolist(this.getListAttribute('names'));
    }
    // secret_wo - computed: false, optional: true, required: false
    _secretWo;
    get secretWo() {
        return this.getStringAttribute('secret_wo');
    }
    // rule - computed: false, optional: false, required: true
    _rule = new ThingRuleList(this, "rule", true);
    get rule() {
        return this._rule;
    }
    synthesizeHclAttributes() {
        const attrs = {
            secret_wo: {
                value: this.markWriteOnlyAttribute(cdktn.stringToHclTerraform(this._secretWo)),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
        };
    }
}
"""


def test_a_folder_of_bindings_becomes_a_schema() -> None:
    assert list(Module(SOURCE).types()) == [
        (
            "TerraformResource",
            "aws_thing",
            {
                "attributes": {
                    "arn": {"type": "string", "computed": True},
                    "names": {"type": ["set", "string"], "computed": True},
                    "secret_wo": {"type": "string", "optional": True, "write_only": True},
                },
                "block_types": {
                    "rule": {
                        "nesting_mode": "set",
                        "min_items": 1,
                        "block": {"attributes": {"days": {"type": "number", "required": True}}, "block_types": {}},
                    }
                },
            },
        )
    ]


def block(kind: str, name: str) -> Block:
    found = CATALOG.block(Wanted(kind, name))
    assert found, name
    return found


def test_facts_of_the_real_schemas() -> None:
    queue = block("resource", "aws_sqs_queue")
    assert queue.attributes["fifo_queue"].type == "bool"
    assert queue.attributes["url"].computed
    assert not queue.attributes["url"].settable
    alarm = block("resource", "aws_cloudwatch_metric_alarm")
    assert alarm.attributes["dimensions"].type == ["map", "string"]
    assert alarm.blocks["metric_query"].nesting == "set"
    template = block("resource", "aws_launch_template")
    assert template.blocks["metadata_options"].max_items == 1
    assert template.blocks["block_device_mappings"].max_items == 0
    assert block("resource", "aws_lb").blocks["timeouts"].nesting == "single"
    group = block("resource", "aws_security_group").attributes["ingress"]
    assert group.type[0] == "set"
    assert group.type[1][0] == "object"
    evaluation = block("resource", "databricks_alert_v2").attributes["evaluation"]
    assert evaluation.nested
    assert evaluation.nested.nesting == "single"


def test_a_type_that_may_hold_itself_has_an_end() -> None:
    assert block("resource", "aws_wafv2_web_acl").blocks["rule"]


def test_every_type_of_every_provider_is_there() -> None:
    with zipfile.ZipFile(CATALOG._archive.fp) as archive:
        names = archive.namelist()
    assert sum(name.startswith("resource/aws_") for name in names) > 1_500
    assert sum(name.startswith("data/databricks_") for name in names) > 150
    assert {"provider/aws", "provider/databricks", "provider/random", "provider/tls"} <= set(names)
    for name in names:
        kind, _, type_name = name.partition("/")
        assert kind == "provider" or CATALOG.block(Wanted(kind, type_name)) is not None


def test_declared_types_are_found(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "main.tf").write_text('resource "aws_a" "x" {\n}\ndata "aws_b" "y" {}\n', encoding="utf-8")
    (tmp_path / "inner" / "main.tf").write_text('ephemeral "c" "z" {\n}\n# resource "d" "e" {}\n', encoding="utf-8")
    assert declared(tmp_path) == {Wanted("resource", "aws_a"), Wanted("data", "aws_b"), Wanted("ephemeral", "c")}


def test_what_is_half_built_is_not_seen(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        wheels.once(tmp_path / "built", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["built.lock"]
    wheels.once(tmp_path / "built", lambda folder: (folder / "whole").touch())
    assert wheels.once(tmp_path / "built", fail) == tmp_path / "built"


def test_what_many_want_is_built_once(tmp_path: Path) -> None:
    built: list[Path] = []
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: wheels.once(tmp_path / "built", built.append), range(8)))
    assert found == [tmp_path / "built"] * 8
    assert len(built) == 1


def test_what_cannot_be_fetched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWMELT_TOOLS", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "none.txt").write_text(f"no-such-thing==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(wheels.MissingToolError, match=r"need no-such-thing==1, which pip could not fetch"):
        wheels.fetch(tmp_path / "none.txt")
