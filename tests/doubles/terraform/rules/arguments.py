"""Rules about single arguments that a schema cannot express.

Source of each: the AWS API whose documentation states it, or the provider's own validation.
"""

from tests.doubles.terraform.rules import data, machines, network, security, watching
from tests.doubles.terraform.rules.rule import Rule

ARGUMENTS: tuple[Rule, ...] = (*security.RULES, *network.RULES, *machines.RULES, *data.RULES, *watching.RULES)
