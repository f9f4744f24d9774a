import pytest

from snowmelt.protocol.memory import LONGEST, remembering


def test_what_was_computed_lately_is_not_computed_again():
    computed = []

    def compute(text, given=None):
        computed.append((text, given))
        return text.upper()

    recall = remembering(2, compute)
    for text in ("a", "b", "a", "c", "a", "b"):
        assert recall(text) == text.upper()
    assert computed == [("a", None), ("b", None), ("c", None), ("b", None)]
    recall("a", 1)
    assert computed[-1] == ("a", 1)


def test_long_texts_are_never_kept():
    computed = []
    recall = remembering(9, computed.append)
    for length in (LONGEST, LONGEST + 1, LONGEST, LONGEST + 1):
        recall("x" * length)
    assert [len(text) for text in computed] == [LONGEST, LONGEST + 1, LONGEST + 1]


def test_what_raises_is_tried_again():
    tried = []

    def compute(text):
        tried.append(text)
        raise KeyError(text)

    recall = remembering(9, compute)
    for _ in range(2):
        with pytest.raises(KeyError):
            recall("a")
    assert tried == ["a", "a"]
