"""Every rule of SchemaVer with what it allows and refuses, and that no order of attempts ever leaves a gap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.iglu.publication import Published, Refusal, refuse, refuse_superseding, refuse_withdrawal
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer


def ver(text: str) -> SchemaVer:
    version = SchemaVer.parse(text)
    assert version is not None
    return version


def known(text: str, is_public: bool = True) -> list[Published]:
    """The published versions of "1-0-0 1-0-1"."""
    return [Published(ver(one), is_public) for one in text.split()]


def attempt(
    version: str,
    published: str,
    *,
    is_public: bool = True,
    known_public: bool = True,
    same_body: bool | None = None,
    patches_allowed: bool = False,
) -> Refusal | None:
    return refuse(
        SchemaKey("com.acme", "ad_click", "jsonschema", ver(version)),
        is_public=is_public,
        known=known(published, known_public),
        same_body=same_body,
        patches_allowed=patches_allowed,
    )


@pytest.mark.parametrize(
    ("version", "published"),
    [
        ("1-0-0", ""),
        ("1-0-1", "1-0-0"),
        ("1-1-0", "1-0-0"),
        ("1-1-0", "1-0-0 1-0-1"),
        ("1-2-0", "1-0-0 1-1-0 1-1-1"),
        ("1-1-1", "1-0-0 1-1-0"),
        ("2-0-0", "1-0-0 1-1-0"),
        ("1-0-1", "1-0-0 2-0-0"),  # an older model goes on
        ("2-1-0", "1-0-0 1-0-1 2-0-0"),
    ],
)
def test_what_may_be_published(version: str, published: str) -> None:
    assert attempt(version, published) is None


@pytest.mark.parametrize(
    ("version", "published", "rule", "right"),
    [
        ("1-0-0", "1-0-0", "immutable", "publish the change as 1-0-1, or 2-0-0 if it breaks"),
        ("1-0-0", "1-0-0 1-1-0 1-1-1 2-0-0", "immutable", "publish the change as 1-1-2, or 3-0-0 if it breaks"),
        ("1-0-1", "", "no gaps", "1-0-1 comes after 1-0-0; publish that first, or this as 1-0-0"),
        ("1-0-5", "1-0-0 1-0-1", "no gaps", "1-0-5 comes after 1-0-4; publish that first, or this as 1-0-2"),
        ("1-2-0", "1-0-0", "no gaps", "1-2-0 comes after 1-1-*; publish that first, or this as 1-0-1"),
        ("1-1-1", "1-0-0", "no gaps", "1-1-1 comes after 1-1-0"),
        ("3-0-0", "1-0-0", "no gaps", "3-0-0 comes after 2-*-*; publish that first, or this as 2-0-0"),
        ("2-0-1", "1-0-0", "no gaps", "2-0-1 comes after 2-0-0; publish that first, or this as 2-0-0"),
        ("1-1-0", "2-0-0", "no gaps", "1-1-0 comes after 1-0-*"),
        ("1-0-1", "1-0-0 1-1-0", "in order", "a later revision is published; publish it as 1-1-1"),
        ("1-0-1", "1-0-0 1-1-0 1-2-0 1-2-1", "in order", "publish it as 1-2-2"),
    ],
)
def test_what_is_refused_and_what_would_be_right(version: str, published: str, rule: str, right: str) -> None:
    refusal = attempt(version, published)
    assert refusal is not None
    assert refusal.rule == rule
    assert right in refusal.message


def test_the_same_content_again_is_nothing_to_do() -> None:
    again, another = (attempt("1-0-0", "1-0-0", same_body=same) for same in (True, False))
    assert again is not None
    assert another is not None
    assert "nothing to do" in again.message
    assert "another content" in another.message


def test_a_registry_that_allows_patches_replaces_but_skips_nothing() -> None:
    assert attempt("1-0-0", "1-0-0 1-0-1", patches_allowed=True) is None
    refusal = attempt("1-0-3", "1-0-0 1-0-1", patches_allowed=True)
    assert refusal is not None
    assert refusal.rule == "no gaps"


@pytest.mark.parametrize(
    ("version", "published", "refused"),
    [("1-0-1", "1-0-0", True), ("2-0-0", "1-0-0", False), ("1-0-0", "", False), ("1-0-0", "1-0-0", False)],
)
@pytest.mark.parametrize("is_public", [True, False])
def test_a_model_has_one_audience(version: str, published: str, refused: bool, is_public: bool) -> None:
    refusal = attempt(version, published, is_public=is_public, known_public=not is_public, patches_allowed=True)
    assert (refusal is not None) == refused
    if refusal is not None:
        assert refusal.rule == "one audience"
        assert f"as {'private' if is_public else 'public'} too, or as 2-0-0" in refusal.message


@pytest.mark.parametrize(
    ("version", "superseded", "right"),
    [
        ("1-0-2", "1-0-0 1-0-1", None),
        ("1-0-2", "", None),
        ("1-0-2", "1-0-7", "1-0-7 is not published"),
        ("1-0-0", "1-0-1", "1-0-1 is none"),
        ("1-0-1", "1-0-1", "1-0-1 is none"),
        ("2-0-0", "1-0-0", "lower versions of model 2"),
    ],
)
def test_what_may_be_superseded(version: str, superseded: str, right: str | None) -> None:
    refusal = refuse_superseding(ver(version), map(ver, superseded.split()), known("1-0-0 1-0-1"))
    assert (refusal is None) == (right is None)
    if refusal is not None and right is not None:
        assert right in refusal.message


@pytest.mark.parametrize(
    ("version", "published", "needed_by"),
    [
        ("1-0-1", "1-0-0 1-0-1", None),
        ("1-0-0", "1-0-0", None),
        ("1-0-1", "1-0-0 1-0-1 1-1-0", None),
        ("1-0-1", "1-0-0 1-0-1 2-0-0", None),
        ("1-0-0", "1-0-0 1-0-1", "1-0-1"),
        ("1-0-0", "1-0-0 1-1-0", "1-1-0"),
        ("1-0-0", "1-0-0 2-0-0", "2-0-0"),
        ("1-1-0", "1-0-0 1-1-0 1-1-1 1-2-0", "1-1-1"),
    ],
)
def test_nothing_is_withdrawn_that_another_needs(version: str, published: str, needed_by: str | None) -> None:
    refusal = refuse_withdrawal(ver(version), map(ver, published.split()))
    assert (refusal is None) == (needed_by is None)
    if refusal is not None:
        assert f"withdraw {needed_by} first" in refusal.message


versions = st.builds(SchemaVer, st.integers(1, 3), st.integers(0, 2), st.integers(0, 3))


@given(st.lists(st.tuples(st.booleans(), versions), max_size=60))
def test_no_attempt_leaves_a_gap(attempts: list[tuple[bool, SchemaVer]]) -> None:
    """Whatever is tried: each version's model, revision and addition count up from the first without a hole."""
    there: list[Published] = []
    for adding, version in attempts:
        names = [one.version for one in there]
        if adding:
            key = SchemaKey("v", "n", "jsonschema", version)
            if refuse(key, is_public=True, known=there, same_body=None, patches_allowed=False) is None:
                there.append(Published(version, is_public=True))
        elif version in names and refuse_withdrawal(version, names) is None:
            there = [one for one in there if one.version != version]
        assert no_gaps([one.version for one in there])


def no_gaps(found: list[SchemaVer]) -> bool:
    models = {one.model for one in found}
    lines = {(one.model, one.revision) for one in found}
    return (
        models == set(range(1, len(models) + 1))
        and all((model, revision) in lines or not revision for model, high in lines for revision in range(high))
        and all(SchemaVer(one.model, one.revision, lower) in found for one in found for lower in range(one.addition))
    )
