import pytest
from tests.lake.doubles import MemoryRegistry, resolver, sdj, thing

from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import ResolutionFailure, Resolver
from snowmelt.lake.columns import Entity
from snowmelt.lake.entities import Entities, WrongValue
from snowmelt.protocol.schema_key import SchemaKey

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
PAGE = "iglu:com.acme/page/jsonschema/1-0-"
SCHEMAS = {
    f"{PAGE}0": thing({"id": TEXT}, ["id"]),
    f"{PAGE}1": thing({"id": TEXT, "kind": TEXT}, ["id"]),
    f"{PAGE}2": thing({"id": WHOLE}, ["id"]),
    f"{PAGE}3": thing({"id": TEXT, "kind": TEXT, "late": TEXT}, ["id"]),
    "iglu:com.acme/nothing/jsonschema/1-0-0": {"type": "object", "additionalProperties": False},
    "iglu:com.acme/open/jsonschema/1-0-0": {"type": "object"},
}


def columns(height, *entities, registry=None):
    found = Entities()
    for entity, row, uri, data in entities:
        found.add(entity, row, sdj(uri, data))
    arrays, failures = found.columns(height, registry or resolver(SCHEMAS))
    return {name: array.to_pylist() for name, array in arrays.items()}, failures


def context(row, uri, data):
    return Entity.CONTEXT, row, uri, data


def test_contexts_of_one_model_share_a_list_a_row():
    found, failures = columns(
        4,
        context(0, f"{PAGE}0", {"id": "a"}),
        context(0, f"{PAGE}1", {"id": "b", "kind": "x"}),
        context(2, f"{PAGE}0", {"id": "c"}),
    )
    assert failures == []
    assert found == {
        "contexts_com_acme_page_1": [
            [{"id": "a", "kind": None}, {"id": "b", "kind": "x"}],
            None,
            [{"id": "c", "kind": None}],
            None,
        ]
    }


def test_an_event_has_one_struct_and_the_same_schema_as_context_another_column():
    found, _ = columns(2, (Entity.UNSTRUCT_EVENT, 1, f"{PAGE}0", {"id": "a"}), context(0, f"{PAGE}0", {"id": "b"}))
    assert found == {
        "contexts_com_acme_page_1": [[{"id": "b"}], None],
        "unstruct_event_com_acme_page_1": [None, {"id": "a"}],
    }


def test_versions_above_the_highest_that_came_are_left_out_of_account():
    found, _ = columns(1, context(0, f"{PAGE}0", {"id": "a"}))
    assert found == {"contexts_com_acme_page_1": [[{"id": "a"}]]}


def test_a_version_that_cannot_join_has_its_own_column():
    found, failures = columns(
        3, context(0, f"{PAGE}2", {"id": 7}), context(1, f"{PAGE}3", {"id": "a"}), context(2, f"{PAGE}2", {"id": 8})
    )
    assert failures == []
    shared, recovered = sorted(found)
    assert shared == "contexts_com_acme_page_1"
    assert recovered.startswith("contexts_com_acme_page_1_recovered_1_0_2_")
    assert found[recovered] == [[{"id": 7}], None, [{"id": 8}]]
    assert found[shared] == [None, [{"id": "a", "kind": None, "late": None}], None]


def test_a_schema_that_allows_nothing_has_no_column_and_an_open_one_json():
    found, failures = columns(
        1,
        context(0, "iglu:com.acme/nothing/jsonschema/1-0-0", {}),
        context(0, "iglu:com.acme/open/jsonschema/1-0-0", {"b": [1]}),
    )
    assert (found, failures) == ({"contexts_com_acme_open_1": [['{"b":[1]}']]}, [])


def test_an_entity_that_does_not_fit_is_reported_with_its_row_and_schema():
    _, failures = columns(3, context(0, f"{PAGE}0", {"id": "a"}), context(2, f"{PAGE}1", {"id": 5}))
    ((row, failure),) = failures
    assert row == 2
    assert isinstance(failure, WrongValue)
    assert (failure.key, failure.misfit.value) == (SchemaKey.parse(f"{PAGE}1"), 5)


def test_a_context_that_is_null_is_reported():
    _, failures = columns(1, context(0, f"{PAGE}0", None))
    assert [row for row, _ in failures] == [0]


def test_an_unknown_schema_fails_every_row_that_has_it():
    _, failures = columns(
        2, context(0, "iglu:com.acme/gone/jsonschema/1-0-0", {}), context(1, "iglu:com.acme/gone/jsonschema/1-0-0", {})
    )
    assert [(row, type(failure)) for row, failure in failures] == [(0, ResolutionFailure), (1, ResolutionFailure)]


def test_a_registry_that_cannot_list_versions_is_no_failure_of_a_row():
    class Broken(MemoryRegistry):
        def versions(self, vendor, name, model):
            raise RegistryFailure("it is down")

    with pytest.raises(RegistryFailure, match=r"'memory' could not answer for .*: it is down"):
        columns(1, context(0, f"{PAGE}0", {"id": "a"}), registry=Resolver([Broken(SCHEMAS)]))


@pytest.mark.parametrize(
    "value", [None, [], "x", {}, {"schema": f"{PAGE}0"}, {"schema": 1, "data": 1}, {"schema": "iglu:a", "data": 1}]
)
def test_what_is_no_self_describing_json_is_refused(value):
    with pytest.raises(ValueError):
        Entities().add(Entity.CONTEXT, 0, value)


def test_types_are_every_schema_once():
    found = Entities()
    for row in range(3):
        found.add(Entity.CONTEXT, row, sdj(f"{PAGE}{row % 2}", {"id": "a"}))
    assert found.types == [(SchemaKey.parse(f"{PAGE}{version}"), Entity.CONTEXT) for version in (0, 1)]
