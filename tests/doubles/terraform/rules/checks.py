"""What a value must be like. Each check gives the end of a sentence about what is wrong with it, or None."""

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], str | None]


def one_of(*allowed: str | int) -> Check:
    """One of some values."""
    return lambda value: None if value in allowed else f"is not one of {', '.join(map(str, allowed))}"


def between(low: float, high: float, *also: float) -> Check:
    """A number in a range, or one of a few others."""
    extra = f" or {' or '.join(map(str, also))}" if also else ""
    return lambda value: None if low <= value <= high or value in also else f"is not between {low} and {high}{extra}"


def name(longest: int, pattern: str = r"[A-Za-z0-9][\w.-]*", shortest: int = 1) -> Check:
    """A name of some length and form."""

    def check(value: str) -> str | None:
        if not shortest <= len(value) <= longest:
            return f"has {len(value)} characters; {shortest} to {longest} are allowed"
        return None if re.fullmatch(pattern, value) else f"has not the form {pattern}"

    return check


def arn(*services: str) -> Check:
    """An ARN, of one of some services where they are named."""

    def check(value: str) -> str | None:
        found = re.fullmatch(r"arn:aws(?:-[a-z]+)*:([\w-]+):([a-z0-9-]*):(\d{12}|aws|cloudfront)?:.+", value)
        if not found:
            return "is not an ARN, such as arn:aws:sqs:eu-west-1:123456789012:queue"
        if services and found[1] not in services:
            return f"is an ARN of {found[1]}, not of {' or '.join(services)}"
        return None

    return check


def each(check: Check) -> Check:
    """A list of which every element passes."""
    return lambda values: next((said for value in values if isinstance(value, str) and (said := check(value))), None)


def cidr(value: str) -> str | None:
    """An IPv4 network with no bit set behind its prefix."""
    try:
        ipaddress.IPv4Network(value)
    except ValueError as error:
        return f"is not a CIDR block such as 10.0.0.0/16: {error}"
    return None


def vpc_cidr(value: str) -> str | None:
    """A network that a VPC or a subnet can have."""
    return cidr(value) or (None if 16 <= int(value.rpartition("/")[2]) <= 28 else "has a prefix that is not /16 to /28")


def json_text(value: str) -> str | None:
    """JSON."""
    try:
        json.loads(value)
    except ValueError as error:
        return f"contains an invalid JSON: {error}"
    return None


def policy(value: str) -> str | None:
    """A policy in JSON whose statements say what they do; 'random text' is what a mocked document gives."""
    if said := json_text(value):
        return f"is no policy: it {said}"
    document = json.loads(value)
    statements = document.get("Statement") if isinstance(document, dict) else None
    if not statements:
        return "is no policy: it has no Statement"
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") not in ("Allow", "Deny") or not ({"Action", "NotAction"} & statement.keys()):
            return f"is no policy: the statement {statement.get('Sid', '')} lacks its Effect or its Action"
    if document.get("Version") not in ("2012-10-17", "2008-10-17", None):
        return f"is no policy: its Version is {document.get('Version')}"
    return None


def trust(value: str) -> str | None:
    """A policy that says who may take a role."""
    if said := policy(value):
        return said
    statements = json.loads(value)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if not ({"Principal", "NotPrincipal"} & statement.keys()) or "Resource" in statement:
            return "is no trust policy: each statement has a Principal and no Resource"
    return None


def identity_policy(value: str) -> str | None:
    """A policy of a role, whose statements name resources and nobody."""
    if said := policy(value):
        return said
    statements = json.loads(value)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if "Principal" in statement or not ({"Resource", "NotResource"} & statement.keys()):
            return "is no policy of a role: each statement has a Resource and no Principal"
    if len(re.sub(r"\s", "", value)) > 10_240:
        return "is longer than the 10,240 characters that the inline policies of a role may have"
    return None


def user_data(value: str) -> str | None:
    """What a launch template gives an instance: base64 of at most 16 KiB."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return "is not base64"
    return None if len(raw) <= 16_384 else f"is {len(raw)} bytes before base64; 16,384 are allowed"


def bucket(value: str) -> str | None:
    """The name of a bucket."""
    if said := name(63, r"[a-z0-9][a-z0-9.-]*[a-z0-9]", 3)(value):
        return said
    if ".." in value or re.fullmatch(r"\d+\.\d+\.\d+\.\d+", value) or value.startswith(("xn--", "sthree-")):
        return "is a form that S3 keeps to itself"
    return None


def email(value: str) -> str | None:
    """An address that mail can be sent to."""
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "is not an e-mail address"
