"""The back end by itself: what it refuses, what it forgives, and that its table fits the provider's schema."""

import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.terraform import Cloud, TerraformError
from tests.doubles.terraform.moto import KINDS, Aws, Moto, MotoServer, NotUnderstoodError
from tests.doubles.terraform.moto.arguments import Arguments
from tests.terraform.conftest import Work
from tests.terraform.moto.conftest import REGION, written

README = Path(__file__).parents[2] / "doubles" / "terraform" / "moto" / "README.md"


def test_an_argument_that_nothing_is_done_with_is_refused_by_name(real: Cloud, work: Work, tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name                    = "q"\n  sqs_managed_sse_enabled = true\n}\n'
    with pytest.raises(TerraformError, match=r"nothing with sqs_managed_sse_enabled of\s+aws_sqs_queue"):
        written(tmp_path / "q", text, real, work).apply()


def test_so_is_one_of_a_block(moto: Moto) -> None:
    disk = {"device_name": "/dev/xvda", "virtual_name": "ephemeral0", "ebs": []}
    with pytest.raises(NotUnderstoodError, match=r"block_device_mappings\.virtual_name of aws_launch_template"):
        moto.create("aws_launch_template", {"name": "t", "region": REGION, "block_device_mappings": [disk]}, {})


def test_so_is_a_change(moto: Moto) -> None:
    before = {"cidr_block": "10.0.0.0/16", "enable_dns_support": True, "region": REGION}
    before |= moto.create("aws_vpc", before, {})
    with pytest.raises(NotUnderstoodError, match="enable_dns_support of aws_vpc"):
        moto.update("aws_vpc", before, before | {"enable_dns_support": False}, {})


def test_a_refusal_of_the_service_is_told(real: Cloud, work: Work, tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name       = "q.fifo"\n  fifo_queue = false\n}\n'
    with pytest.raises(TerraformError, match=r"aws_sqs_queue"):
        written(tmp_path / "q", text, real, work).apply()


def test_what_is_gone_is_read_as_gone_and_deleted_without_complaint(moto: Moto, aws: Aws) -> None:
    wished = {"name": "t", "region": REGION, "display_name": None}
    topic = wished | moto.create("aws_sns_topic", wished, {})
    aws("sns").delete_topic(TopicArn=topic["arn"])
    assert moto.read("aws_sns_topic", topic) is None
    moto.delete("aws_sns_topic", topic)


def test_regions_are_kept_apart(moto: Moto) -> None:
    moto.create("aws_sqs_queue", {"name": "q", "region": "eu-central-1"}, {})
    there = {region: moto.clients.of(region)("sqs").list_queues() for region in (REGION, "eu-central-1")}
    assert [region for region, listed in there.items() if listed.get("QueueUrls")] == ["eu-central-1"]


@pytest.mark.parametrize(
    ("values", "prior", "unseen"),
    [
        ({"a": 1, "b": None, "c": [], "d": {}, "e": "", "f": False}, None, ["a", "f"]),
        ({"a": 1, "f": 2}, {"a": 1, "f": 1}, ["f"]),
    ],
)
def test_arguments_tell_what_was_not_looked_at(values: dict[str, Any], prior: Any, unseen: list[str]) -> None:
    given = Arguments(values, prior)
    assert given.unseen() == unseen
    assert given.named(Alpha="a", Phi="f") == {"Alpha": values["a"], "Phi": values["f"]}
    assert given.unseen() == []


def test_arguments_of_blocks_are_looked_at_one_by_one() -> None:
    values = {"rule": [{"id": "1", "filter": [{"prefix": "x", "tag": "y"}]}, {"id": "2"}]}
    given = Arguments(values)
    assert [rule["id"] for rule in given.blocks("rule")] == ["1", "2"]
    assert given.blocks("rule")[0].block("filter")["prefix"] == "x"
    assert given.unseen() == ["rule.filter.tag"]
    unchanged = Arguments(values, values)
    assert unchanged.block("rule")["id"] == "1"
    assert unchanged.unseen() == []


def test_the_readme_lists_the_types() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in KINDS if f"`{name.removeprefix('aws_')}`" not in text] == []


def test_clients_mind_no_settings_of_this_machine(
    server: MotoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_PROFILE", "AWS_CA_BUNDLE", "HTTP_PROXY", "http_proxy", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/nonsense")
    server.reset()
    moto = Moto(server.url)
    moto.create("aws_sqs_queue", {"name": "q", "region": REGION}, {})
    assert moto.made == {"aws_sqs_queue": 1}


_PARENT = """
import os
from tests.doubles.terraform.moto import MotoServer
server = MotoServer().__enter__()
print(server.process.pid, flush=True)
os._exit(0)
"""


def test_the_server_ends_with_the_process_that_started_it() -> None:
    root = README.parents[4]
    done = subprocess.run([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, cwd=root, timeout=60)
    pid = int(done.stdout)
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(ProcessLookupError), os.fdopen(os.pidfd_open(pid), "rb") as ended:
            assert select.select([ended], [], [], 30)[0], "it is still running"
