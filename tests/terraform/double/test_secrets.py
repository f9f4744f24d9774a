"""Secrets: made anew each time, remembered where they were written, in neither plan nor state."""

import re
from collections.abc import Iterator

import pytest
from tests.doubles.terraform import Cloud, TerraformError
from tests.doubles.terraform.vault import VaultError, password
from tests.terraform.conftest import Work
from tests.terraform.double.conftest import Written

SECRET = """
variable "generation" {
  type    = number
  default = 1
}
ephemeral "random_password" "p" {
  length  = 32
  special = false
}
resource "aws_secretsmanager_secret" "s" {
  name = "x/database"
}
resource "aws_secretsmanager_secret_version" "v" {
  secret_id                = aws_secretsmanager_secret.s.id
  secret_string_wo         = ephemeral.random_password.p.result
  secret_string_wo_version = var.generation
}
ephemeral "aws_secretsmanager_secret_version" "back" {
  secret_id = aws_secretsmanager_secret_version.v.secret_id
}
resource "aws_db_instance" "d" {
  identifier          = "database"
  instance_class      = "db.t4g.micro"
  engine              = "postgres"
  username            = "owner"
  allocated_storage   = 20
  skip_final_snapshot = true
  password_wo         = ephemeral.aws_secretsmanager_secret_version.back.secret_string
  password_wo_version = var.generation
}
"""


@pytest.fixture
def fresh(work: Work) -> Iterator[Cloud]:
    with Cloud(work("fresh")) as cloud:
        yield cloud


def test_a_secret_is_written_read_back_and_seen_nowhere(written: Written, fresh: Cloud) -> None:
    stack = written(SECRET, served=fresh)
    stack.plan()
    stack.apply()
    assert stack.plan().is_clean
    assert stack.plan(generation=2).changes == {"update": 2}
    stack.apply(generation=2)
    versions = [secret.value for secret in fresh.secrets if secret.attribute == "secret_string_wo"]
    passwords = [secret.value for secret in fresh.secrets if secret.attribute == "password_wo"]
    assert versions == passwords
    assert len(set(versions)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", value) for value in versions)
    assert [s.id.partition("|")[0] for s in fresh.secrets if s.type == "aws_secretsmanager_secret_version"] == [
        stack.state().one("aws_secretsmanager_secret")["arn"]
    ] * 2
    for text in (stack.state_text, stack.plan_text):
        assert text
        assert not any(value in text for value in versions)


def test_a_change_without_a_new_version_writes_nothing(written: Written, fresh: Cloud) -> None:
    text = """
        variable "class" {
          type    = string
          default = "db.t4g.micro"
        }
        resource "aws_db_instance" "d" {
          identifier          = "database"
          instance_class      = var.class
          engine              = "postgres"
          username            = "owner"
          allocated_storage   = 20
          skip_final_snapshot = true
          password_wo         = "hidden"
          password_wo_version = 1
        }
    """
    stack = written(text, served=fresh)
    stack.apply()
    stack.apply(**{"class": "db.t4g.small"})
    assert [(secret.type, secret.value) for secret in fresh.secrets] == [("aws_db_instance", "hidden")]


READ = 'ephemeral "aws_secretsmanager_secret_version" "s" {\n secret_id = "x/by-hand"\n}'


def test_a_secret_without_a_version_cannot_be_opened(written: Written, fresh: Cloud) -> None:
    with pytest.raises(TerraformError, match=r"x/by-hand has\s+no version"):
        written(READ, served=fresh).plan()


def test_a_secret_that_a_person_put_there_can_be_opened(written: Written, fresh: Cloud) -> None:
    fresh.put_secret("arn:aws:secretsmanager:eu-west-1:123456789012:secret:x/by-hand-AbCdEf", "typed")
    written(READ, served=fresh).plan()


def test_a_password_has_what_was_asked_for() -> None:
    made = [password({"length": 12, "special": True, "override_special": "_", "min_special": 2}) for _ in range(50)]
    assert len(set(made)) == 50
    assert all(len(value) == 12 and value.count("_") >= 2 for value in made)
    assert re.fullmatch(r"\d{8}", password({"length": 8, "lower": False, "upper": False, "special": False}))
    with pytest.raises(VaultError):
        password({"length": 1, "min_upper": 2})
