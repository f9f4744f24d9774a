import hashlib

import pytest

from snowmelt.enrich.enrichments import EventFingerprint


def fingerprint(algorithm="MD5", *excluded):
    return EventFingerprint.from_parameters({"hashAlgorithm": algorithm, "excludeParameters": list(excluded)})


def test_the_preimage_is_names_and_values_in_order_each_ended_by_a_unit_separator():
    assert fingerprint().of({"se_ac": "buy", "e": "se"}) == "6829c2021516783f1ef03a9e9736ac77"
    assert fingerprint().of({"e": "se", "se_ac": "buy"}) == hashlib.md5(b"e\x1fse\x1fse_ac\x1fbuy\x1f").hexdigest()


@pytest.mark.parametrize("algorithm", ["MD5", "SHA1", "SHA256", "SHA384", "SHA512"])
def test_the_algorithm_is_the_configured_one(algorithm):
    assert fingerprint(algorithm).of({"a": "é"}) == hashlib.new(algorithm, "a\x1fé\x1f".encode()).hexdigest()


@pytest.mark.parametrize(
    ("parameters", "same_as"),
    [
        ({"e": "pv", "stm": "1", "eid": "2"}, {"e": "pv"}),
        ({"e": "pv", "aid": None}, {"e": "pv"}),
        ({"b": "2", "a": "1"}, {"a": "1", "b": "2"}),
        ({"stm": "1"}, {}),
    ],
)
def test_excluded_and_valueless_parameters_take_no_part(parameters, same_as):
    assert fingerprint("MD5", "stm", "eid").of(parameters) == fingerprint().of(same_as)


@pytest.mark.parametrize(
    ("one", "other"), [({"a": ""}, {}), ({"a": "bc"}, {"ab": "c"}), ({"a": "1"}, {"a": "2"}), ({"A": "1"}, {"a": "1"})]
)
def test_different_events_have_different_fingerprints(one, other):
    assert fingerprint().of(one) != fingerprint().of(other)
