"""Tokens: whom they let in, for what, and how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_quality.tokens import LIFETIME_S, Tokens

TOKENS = Tokens("a secret of the server")
SUBJECT = ("ada", "cookie", "run=1", "drop")


def test_a_token_admits_its_subject_while_it_lives():
    token = TOKENS.issue(1_000, *SUBJECT)
    for now, admitted in ((999, False), (1_000, True), (1_000 + LIFETIME_S - 1, True), (1_000 + LIFETIME_S, False)):
        assert TOKENS.admits(token, now, *SUBJECT) is admitted


@pytest.mark.parametrize(
    "other",
    [
        ("eve", "cookie", "run=1", "drop"),
        ("ada", "another login", "run=1", "drop"),
        ("ada", "cookie", "run=2", "drop"),
        ("ada", "cookie", "run=1", "release"),
        ("ada", "cookierun=1", "", "drop"),
        ("ada", "cookie", "run=1"),
    ],
)
def test_it_admits_no_other(other):
    assert not TOKENS.admits(TOKENS.issue(1_000, *SUBJECT), 1_000, *other)


def test_no_two_are_alike_and_another_server_issues_others():
    assert TOKENS.issue(1_000, *SUBJECT) != TOKENS.issue(1_000, *SUBJECT)
    assert not Tokens("another secret").admits(TOKENS.issue(1_000, *SUBJECT), 1_000, *SUBJECT)


@given(st.text(max_size=100))
def test_any_text_is_refused(text):
    assert not TOKENS.admits(text, 1_000, *SUBJECT)


@given(st.integers(0, 80), st.characters(codec="ascii"))
def test_a_changed_token_is_refused(place, character):
    token = TOKENS.issue(1_000, *SUBJECT)
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    assert TOKENS.admits(changed, 1_000, *SUBJECT) is (changed == token)
