"""From nothing to resources, to changed resources, to nothing."""

from pathlib import Path

from tests.doubles.terraform import Cloud, Plan, Stack
from tests.terraform.conftest import Work
from tests.terraform.double.conftest import Written, write

QUEUES = """
variable "delay" {
  type    = number
  default = 0
}
variable "suffix" {
  type    = string
  default = "a"
}
resource "aws_kms_key" "k" {
}
resource "aws_sqs_queue" "q" {
  for_each          = { one = 1, two = 2 }
  name              = "${each.key}-${var.suffix}"
  delay_seconds     = var.delay
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_launch_template" "t" {
  name_prefix   = "t-"
  instance_type = "t4g.small"
  user_data     = base64encode("echo ${var.delay}")
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted   = true
      volume_size = 20
    }
  }
}
resource "aws_autoscaling_group" "g" {
  name_prefix         = "g-"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = ["subnet-1"]
  launch_template {
    id      = aws_launch_template.t.id
    version = aws_launch_template.t.latest_version
  }
}
output "urls" {
  value = { for name, queue in aws_sqs_queue.q : name => queue.url }
}
"""


def test_a_stack_is_made_once_and_removed_whole(written: Written) -> None:
    stack = written(QUEUES)
    stack.validate()
    plan = stack.plan()
    assert plan.changes == {"create": 5}
    assert not plan.is_clean
    state = stack.apply()
    assert {r.address for r in state.of("aws_sqs_queue")} == {'aws_sqs_queue.q["one"]', 'aws_sqs_queue.q["two"]'}
    assert state.one("aws_sqs_queue", name="one-a")["url"] == stack.output("urls")["one"]
    assert state.one("aws_sqs_queue", name="one-a")["kms_master_key_id"] == state.one("aws_kms_key")["arn"]
    assert state.one("aws_sqs_queue", name="two-a").index == "two"
    assert stack.plan().is_clean
    stack.destroy()
    assert stack.state().resources == []
    assert stack.plan().changes == {"create": 5}


def test_a_change_keeps_what_was_decided(written: Written) -> None:
    stack = written(QUEUES)
    before = stack.apply()
    assert stack.plan(delay=5).changes == {"update": 4}
    after = stack.apply(delay=5)
    for name in ("one-a", "two-a"):
        assert after.one("aws_sqs_queue", name=name)["arn"] == before.one("aws_sqs_queue", name=name)["arn"]
    assert after.one("aws_launch_template")["name"] == before.one("aws_launch_template")["name"]
    assert [s.one("aws_launch_template")["latest_version"] for s in (before, after)] == [1, 2]
    assert after.one("aws_autoscaling_group")["launch_template"][0]["version"] == "2"
    assert stack.plan(delay=5).is_clean


def test_a_new_name_makes_a_new_resource(written: Written) -> None:
    stack = written(QUEUES)
    before = stack.apply()
    plan = stack.plan(suffix="b")
    assert plan.changes == {"replace": 2}
    after = stack.apply(suffix="b")
    assert {r["arn"] for r in before.of("aws_sqs_queue")}.isdisjoint(r["arn"] for r in after.of("aws_sqs_queue"))


def test_the_same_configuration_gets_the_same_names(cloud: Cloud, work: Work, tmp_path: Path) -> None:
    folder = write(tmp_path / "same", QUEUES)
    states = []
    for name in ("first", "second"):
        with Cloud(work(name)) as fresh:
            states.append(Stack(folder, fresh, work(name)).apply())
    assert states[0] == states[1]


def test_what_is_configured_alike_is_told_apart(written: Written) -> None:
    state = written("""
        resource "aws_security_group" "g" {
          count       = 5
          name_prefix = "same-"
        }
    """).apply()
    groups = state.of("aws_security_group")
    assert len({group["id"] for group in groups}) == len({group["name"] for group in groups}) == 5
    assert all(group["name"].startswith("same-") for group in groups)


def test_default_tags_reach_everything(written: Written) -> None:
    provider = (
        'provider "aws" {\n region = "eu-west-1"\n default_tags {\n tags = { Project = "p", Stage = "none" }\n }\n}\n'
    )
    stack = written('resource "aws_sqs_queue" "q" {\n name = "q"\n tags = { Stage = "raw" }\n}', provider)
    plan = stack.plan()
    assert plan.resource_changes[0].after is not None
    assert plan.resource_changes[0].after["tags_all"] == {"Project": "p", "Stage": "raw"}
    assert stack.apply().one("aws_sqs_queue")["tags_all"] == {"Project": "p", "Stage": "raw"}


def test_two_providers_reach_two_regions(written: Written) -> None:
    provider = (
        'provider "aws" {\n region = "eu-west-1"\n}\nprovider "aws" {\n alias = "far"\n region = "cn-north-1"\n}\n'
    )
    state = written(
        'resource "aws_sqs_queue" "near" {\n name = "q"\n}\n'
        'resource "aws_sqs_queue" "far" {\n provider = aws.far\n name = "q"\n}\n'
        'data "aws_region" "far" {\n provider = aws.far\n}\n',
        provider,
    ).apply()
    assert {r.name: r["arn"] for r in state.of("aws_sqs_queue")} == {
        "near": "arn:aws:sqs:eu-west-1:123456789012:q",
        "far": "arn:aws-cn:sqs:cn-north-1:123456789012:q",
    }
    assert state.data("aws_region")[0]["region"] == "cn-north-1"


def test_a_certificate_tells_its_domains_at_plan(written: Written) -> None:
    text = """
        resource "aws_acm_certificate" "c" {
          domain_name               = "events.example.com"
          subject_alternative_names = ["iglu.example.com"]
          validation_method         = "DNS"
        }
        resource "aws_route53_record" "v" {
          for_each = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o }
          zone_id  = "Z1"
          name     = each.value.resource_record_name
          type     = each.value.resource_record_type
          records  = [each.value.resource_record_value]
          ttl      = 60
        }
    """
    stack = written(text)
    assert stack.plan().changes == {"create": 3}
    records = stack.apply().of("aws_route53_record")
    assert {record.index for record in records} == {"events.example.com", "iglu.example.com"}
    assert all(record["type"] == "CNAME" for record in records)
    assert stack.plan().is_clean


def test_a_resource_can_be_imported(written: Written) -> None:
    stack = written('resource "aws_kms_key" "k" {\n}')
    stack.run("import", "-no-color", "-lock=false", "aws_kms_key.k", "1234")
    assert stack.state().one("aws_kms_key")["id"] == "1234"


def test_the_tree_stays_as_it_is_and_a_remote_backend_is_not_asked(written: Written, tmp_path: Path) -> None:
    stack = written('terraform {\n backend "s3" {\n bucket = "b"\n key = "k"\n }\n}\nresource "aws_kms_key" "k" {\n}')
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    stack.apply()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert '"aws_kms_key"' in stack.state_text
    plan: Plan = stack.plan()
    assert "No changes" in plan.text
