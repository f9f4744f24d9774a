"""What the bindings leave out of the schemas, written by hand."""

from collections.abc import Mapping

from tests.doubles.terraform.schema import Attribute, Block

SENSITIVE = frozenset(
    {
        "access_token",
        "auth_token",
        "client_secret",
        "master_password",
        "master_password_wo",
        "oauth_token",
        "password",
        "password_wo",
        "private_key",
        "private_key_openssh",
        "private_key_pem",
        "private_key_pem_pkcs8",
        "result_wo",
        "secret",
        "secret_binary",
        "secret_key",
        "secret_string",
        "secret_string_wo",
        "token",
        "value_wo",
    }
)
"""Attributes that the providers mark as sensitive, by name: without the mark an output would be let through that the
real provider refuses. `random_password.result`, `aws_ssm_parameter.value` and their like are in SENSITIVE_OF."""

SENSITIVE_OF: Mapping[str, frozenset[str]] = {
    "random_password": frozenset({"result", "bcrypt_hash"}),
    "aws_ssm_parameter": frozenset({"value"}),
    "aws_iam_access_key": frozenset({"secret", "ses_smtp_password_v4"}),
}
"""The same for names that are sensitive in some types only."""

_STRING = Attribute("string", optional=True)
_SECRET = Attribute("string", computed=True, sensitive=True)

EPHEMERALS: Mapping[str, Block] = {
    "random_password": Block(
        {
            "length": Attribute("number", required=True),
            "lower": Attribute("bool", optional=True, computed=True),
            "min_lower": Attribute("number", optional=True, computed=True),
            "min_numeric": Attribute("number", optional=True, computed=True),
            "min_special": Attribute("number", optional=True, computed=True),
            "min_upper": Attribute("number", optional=True, computed=True),
            "numeric": Attribute("bool", optional=True, computed=True),
            "override_special": _STRING,
            "special": Attribute("bool", optional=True, computed=True),
            "upper": Attribute("bool", optional=True, computed=True),
            "bcrypt_hash": _SECRET,
            "result": _SECRET,
        }
    ),
    "aws_secretsmanager_secret_version": Block(
        {
            "secret_id": Attribute("string", required=True),
            "region": Attribute("string", optional=True, computed=True),
            "version_id": Attribute("string", optional=True, computed=True),
            "version_stage": Attribute("string", optional=True, computed=True),
            "arn": Attribute("string", computed=True),
            "created_date": Attribute("string", computed=True),
            "secret_binary": _SECRET,
            "secret_string": _SECRET,
            "version_stages": Attribute(["list", "string"], computed=True),
        }
    ),
}
"""Ephemeral resources, which bindings do not know. Argument lists: documentation of random 3.9 and AWS 6.69."""
