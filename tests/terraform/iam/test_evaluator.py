"""The evaluator against what AWS's guides say of each rule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.terraform.iam.conditions import holds
from tests.terraform.iam.evaluator import ANONYMOUS, Decision, Principal, Target, decide, may_ever
from tests.terraform.iam.patterns import UnknownVariableError, exactly, matches_action, matches_arn, matches_text, wild
from tests.terraform.iam.patterns import with_variables as filled

OURS, THEIRS = "111111111111", "222222222222"
QUEUE = f"arn:aws:sqs:eu-west-1:{OURS}:loads.fifo"
KEY = f"arn:aws:kms:eu-west-1:{OURS}:key/k"
ROOT = f"arn:aws:iam::{OURS}:root"
LAKE = "arn:aws:s3:::lake"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any = "sqs:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "sqs:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def role(*statements: dict[str, Any], account: str = OURS) -> Principal:
    return Principal(account, f"arn:aws:iam::{account}:role/r", policies=[policy(*statements)])


def queue(*statements: dict[str, Any]) -> Target:
    return Target(QUEUE, OURS, policy(*statements) if statements else None)


def key(*statements: dict[str, Any]) -> Target:
    return Target(KEY, OURS, policy(*statements), by_policy_only=True)


EVERYONE = {"Principal": "*"}
ALLOWED, DENIED, NOT_ALLOWED = Decision.ALLOWED, Decision.DENIED, Decision.NOT_ALLOWED

DECISIONS = [
    ("nothing said", role(), "sqs:SendMessage", queue(), NOT_ALLOWED),
    ("role allows", role(allow()), "sqs:SendMessage", queue(), ALLOWED),
    ("another action", role(allow("sqs:Send*")), "sqs:ReceiveMessage", queue(), NOT_ALLOWED),
    ("another resource", role(allow(resource=QUEUE + "x")), "sqs:SendMessage", queue(), NOT_ALLOWED),
    ("deny in the role wins", role(allow(), deny("sqs:SendMessage")), "sqs:SendMessage", queue(), DENIED),
    ("deny in the queue wins", role(allow()), "sqs:SendMessage", queue(deny(**EVERYONE)), DENIED),
    (
        "the queue names the role",
        role(),
        "sqs:SendMessage",
        queue(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:role/r"})),
        ALLOWED,
    ),
    ("the queue names our account", role(), "sqs:SendMessage", queue(allow(Principal={"AWS": ROOT})), NOT_ALLOWED),
    ("everyone", role(), "sqs:SendMessage", queue(allow(Principal={"AWS": "*"})), ALLOWED),
    ("NotAction", role(allow() | {"NotAction": "sqs:SendMessage"}), "sqs:SendMessage", queue(), NOT_ALLOWED),
    ("NotAction, another", role(allow() | {"NotAction": "s3:*"}), "sqs:SendMessage", queue(), ALLOWED),
    ("foreign, only its own side", role(allow(), account=THEIRS), "sqs:SendMessage", queue(), NOT_ALLOWED),
    ("foreign, only our side", role(account=THEIRS), "sqs:SendMessage", queue(allow(**EVERYONE)), NOT_ALLOWED),
    (
        "foreign, both sides",
        role(allow(), account=THEIRS),
        "sqs:SendMessage",
        queue(allow(Principal={"AWS": THEIRS})),
        ALLOWED,
    ),
    ("anonymous", ANONYMOUS, "sqs:SendMessage", queue(), NOT_ALLOWED),
    ("anonymous, everyone", ANONYMOUS, "sqs:SendMessage", queue(allow(**EVERYONE)), ALLOWED),
    (
        "a service that is named",
        Principal(service="cloudwatch.amazonaws.com"),
        "sqs:SendMessage",
        queue(allow(Principal={"Service": "cloudwatch.amazonaws.com"})),
        ALLOWED,
    ),
    (
        "a service that is not",
        Principal(service="events.amazonaws.com"),
        "sqs:SendMessage",
        queue(allow(Principal={"Service": "cloudwatch.amazonaws.com"})),
        NOT_ALLOWED,
    ),
    (
        "NotPrincipal spares whom it names with the account",
        role(allow()),
        "sqs:SendMessage",
        queue(deny() | {"NotPrincipal": {"AWS": [ROOT, f"arn:aws:iam::{OURS}:role/r"]}}),
        ALLOWED,
    ),
    (
        "NotPrincipal without the account spares nobody",
        role(allow()),
        "sqs:SendMessage",
        queue(deny() | {"NotPrincipal": {"AWS": f"arn:aws:iam::{OURS}:role/r"}}),
        DENIED,
    ),
    ("a key that says nothing of us", role(allow("kms:*")), "kms:Decrypt", key(), NOT_ALLOWED),
    (
        "a key that leaves it to IAM",
        role(allow("kms:*")),
        "kms:Decrypt",
        key(allow("kms:*", Principal={"AWS": ROOT})),
        ALLOWED,
    ),
    ("... which says no", role(), "kms:Decrypt", key(allow("kms:*", Principal={"AWS": ROOT})), NOT_ALLOWED),
    (
        "a key that names the role",
        role(),
        "kms:Decrypt",
        key(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{OURS}:role/r"})),
        ALLOWED,
    ),
    (
        "the root does not cover services",
        Principal(service="logs.eu-west-1.amazonaws.com"),
        "kms:Decrypt",
        key(allow("kms:*", Principal={"AWS": ROOT})),
        NOT_ALLOWED,
    ),
]


@pytest.mark.parametrize(
    ("who", "action", "what", "expected"), [case[1:] for case in DECISIONS], ids=[case[0] for case in DECISIONS]
)
def test_decisions(who: Principal, action: str, what: Target, expected: Decision) -> None:
    assert decide(who, action, what) == expected


def test_not_resource_and_variables() -> None:
    own = f"{LAKE}/${{aws:PrincipalAccount}}/*"
    home = role(allow("s3:*", own), deny("s3:*", [], NotResource=own) | {"Action": "s3:GetObject"})
    del home.policies[0]["Statement"][1]["Resource"]
    assert decide(home, "s3:GetObject", Target(f"{LAKE}/{OURS}/x", OURS)) == ALLOWED
    assert decide(home, "s3:GetObject", Target(f"{LAKE}/other/x", OURS)) == DENIED


def test_plain_text_can_be_denied() -> None:
    its = queue(deny(**EVERYONE, Condition={"Bool": {"aws:SecureTransport": "false"}}))
    assert decide(role(allow()), "sqs:SendMessage", its) == ALLOWED
    assert decide(role(allow()), "sqs:SendMessage", its, {"aws:SecureTransport": "false"}) == DENIED


def test_may_ever_leaves_conditions_aside() -> None:
    told = [policy(allow("s3:Get*", LAKE, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))]
    assert may_ever(told, "s3:GetObject", LAKE)
    assert not may_ever(told, "s3:PutObject", LAKE)
    assert not may_ever([policy(deny("s3:*", LAKE))], "s3:GetObject", LAKE)


CONDITIONS = [
    ("StringEquals", "b", {"k": "b"}, True),
    ("StringEquals", ["a", "b"], {"K": "b"}, True),
    ("StringEquals", "b", {"k": "B"}, False),
    ("StringEquals", "b*", {"k": "bc"}, False),
    ("StringEquals", "b", {}, False),
    ("StringEqualsIgnoreCase", "b", {"k": "B"}, True),
    ("StringEqualsIfExists", "b", {}, True),
    ("StringEqualsIfExists", "b", {"k": "c"}, False),
    ("StringNotEquals", ["a", "b"], {"k": "b"}, False),
    ("StringNotEquals", ["a", "b"], {"k": "c"}, True),
    ("StringNotEquals", "b", {}, True),
    ("StringLike", "run=*", {"k": "run=1/x"}, True),
    ("StringLike", "run=?", {"k": "run="}, False),
    ("StringNotLike", "run=*", {"k": "run=1"}, False),
    ("StringNotLike", "run=*", {}, True),
    ("StringLike", "${aws:home}*", {"k": "a*b", "aws:home": "a*"}, True),
    ("StringLike", "${aws:home}", {"k": "axb", "aws:home": "a*b"}, False),
    ("StringEquals", "${aws:home}", {"k": "a*", "aws:home": "a*"}, True),
    ("StringEquals", "${aws:home}", {"k": "a"}, False),
    ("StringEquals", "${aws:home, 'a'}", {"k": "a"}, True),
    ("ForAllValues:StringEquals", ["a", "b"], {"k": ["a"]}, True),
    ("ForAllValues:StringEquals", ["a", "b"], {"k": ["a", "c"]}, False),
    ("ForAllValues:StringEquals", ["a", "b"], {}, True),
    ("ForAnyValue:StringEquals", ["a", "b"], {"k": ["a", "c"]}, True),
    ("ForAnyValue:StringEquals", ["a", "b"], {"k": ["c"]}, False),
    ("ForAnyValue:StringEquals", ["a", "b"], {}, False),
    ("ForAnyValue:StringNotEquals", "a", {"k": ["a", "c"]}, True),
    ("ForAnyValue:StringNotEquals", "a", {}, False),
    ("ArnLike", "arn:aws:logs:*:1:log-group:/x/*", {"k": "arn:aws:logs:eu:1:log-group:/x/y"}, True),
    ("ArnLike", "arn:aws:logs:*:log-group:/x/*", {"k": "arn:aws:logs:eu:1:log-group:/x/y"}, False),
    ("ArnEquals", "arn:aws:logs:*:1:*", {"k": "arn:aws:logs:eu:1:log-group:/x/y"}, True),
    ("ArnNotEquals", "arn:aws:logs:*:1:*", {"k": "arn:aws:logs:eu:2:log-group:/x/y"}, True),
    ("Bool", "false", {"k": "false"}, True),
    ("Bool", False, {"k": "False"}, True),
    ("Bool", "false", {}, False),
    ("BoolIfExists", "false", {}, True),
    ("BoolIfExists", "false", {"k": "true"}, False),
    ("Null", "true", {}, True),
    ("Null", "true", {"k": "x"}, False),
    ("Null", "false", {"k": "x"}, True),
    ("NumericLessThan", "5", {"k": "4"}, True),
    ("NumericLessThanEquals", 5, {"k": "5"}, True),
    ("NumericGreaterThan", "5", {"k": "4"}, False),
    ("NumericGreaterThanEquals", "5", {"k": "5.0"}, True),
    ("NumericEquals", "5", {"k": "5.0"}, True),
    ("NumericNotEquals", "5", {}, True),
    ("IpAddress", ["10.0.0.0/8", "::1/128"], {"k": "10.1.2.3"}, True),
    ("IpAddress", "10.0.0.0/8", {"k": "11.1.2.3"}, False),
    ("NotIpAddress", "10.0.0.0/8", {"k": "11.1.2.3"}, True),
]


@pytest.mark.parametrize(("operator", "wanted", "context", "expected"), CONDITIONS)
def test_conditions(operator: str, wanted: Any, context: dict[str, Any], expected: bool) -> None:
    assert holds({operator: {"k": wanted}}, context) is expected


def test_all_conditions_have_to_hold() -> None:
    block = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}
    assert holds(block, {"a": "1", "b": "2", "c": "true"})
    assert not holds(block, {"a": "1", "b": "2", "c": "false"})
    assert not holds(block, {"a": "1", "c": "true"})


@pytest.mark.parametrize("operator", ["StringMatches", "ForSomeValues:StringEquals", "DateLessThan"])
def test_an_unknown_operator_is_no_answer(operator: str) -> None:
    with pytest.raises(NotImplementedError, match=operator):
        holds({operator: {"k": "v"}}, {"k": "v"})


def test_several_values_need_a_quantifier() -> None:
    with pytest.raises(ValueError, match="ForAnyValue"):
        holds({"StringEquals": {"k": "v"}}, {"k": ["v", "w"]})


PLAIN = st.text(st.characters(blacklist_characters="*?$\ue000\ue001", blacklist_categories=("Cs",)), max_size=8)


@given(PLAIN, PLAIN, PLAIN)
def test_a_star_stands_for_anything(before: str, middle: str, after: str) -> None:
    assert matches_text(f"{before}*{after}", before + middle + after)
    assert matches_text(before + middle, before + middle)
    assert matches_text(f"{before}?{after}", before + middle + after) is (len(middle) == 1) or before or after


@given(PLAIN, PLAIN)
def test_a_pattern_without_wildcards_means_itself_only(pattern: str, value: str) -> None:
    assert matches_text(pattern, value) is (pattern == value)


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_wildcards_match_as_a_plain_search_does(pattern: str, value: str) -> None:
    def search(pattern: str, value: str) -> bool:
        if not pattern:
            return not value
        if pattern[0] == "*":
            return search(pattern[1:], value) or (bool(value) and search(pattern, value[1:]))
        return bool(value) and pattern[0] in ("?", value[0]) and search(pattern[1:], value[1:])

    assert (wild(pattern).fullmatch(value) is not None) is search(pattern, value)


@given(st.text("ab*?", max_size=6))
def test_wildcards_of_a_variable_mean_themselves(value: str) -> None:
    text = filled("${a}", {"a": value}.get)
    assert exactly(text) == value
    assert matches_text(text, value)
    assert not matches_text(text, value + "a")


@given(st.from_regex(r"[a-z0-9]{1,6}:[A-Za-z]{1,10}", fullmatch=True))
def test_letter_case_of_actions_does_not_matter(action: str) -> None:
    assert matches_action(action.upper(), action)
    assert matches_action(action[:3] + "*", action)


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", QUEUE, True),
        (f"arn:aws:sqs:*:{OURS}:loads*", QUEUE, True),
        ("arn:aws:sqs:*:loads.fifo", QUEUE, False),
        ("arn:aws:sqs:*", QUEUE, False),
        (f"{LAKE}/*", f"{LAKE}/run=1/a:b", True),
        (f"{LAKE}/*", LAKE, False),
        ("arn:*:s3:::lake/*", f"{LAKE}/x", True),
        ("arn:aws:logs:r:1:log-group:/x/*", "arn:aws:logs:r:1:log-group:/x/y:log-stream:z", True),
    ],
)
def test_arns(pattern: str, arn: str, expected: bool) -> None:
    assert matches_arn(pattern, arn) is expected


def test_a_variable_without_value() -> None:
    with pytest.raises(UnknownVariableError):
        filled("${aws:username}", {}.get)
    assert filled("${aws:username, 'nobody'}-${*}", {}.get) == "nobody-\ue000"
