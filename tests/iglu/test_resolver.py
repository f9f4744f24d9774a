import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iglu.doubles import Clock, MemoryRegistry, key

from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import Attempt, ResolutionFailure, Resolver, Schema, default_resolver
from snowmelt.protocol.schema_key import SchemaVer

PAGE = "com.acme/page/1-0-0"
FIRST, SECOND = {"title": "first"}, {"title": "second"}


def resolver(*registries, cache_size=10, ttl=None, clock=None):
    return Resolver(registries, cache_size, ttl, clock or Clock())


def body(answer):
    assert isinstance(answer, Schema), answer
    return answer.body


# Order


@pytest.mark.parametrize(
    ("case", "registries", "winner"),
    [
        ("the lower priority is asked first", [("a", 5, ()), ("b", 1, ())], "b"),
        ("of equals the first given is asked first", [("a", 1, ()), ("b", 1, ())], "a"),
        ("a prefix goes before any priority", [("a", 0, ()), ("b", 9, ("com.acme",))], "b"),
        ("a prefix is the beginning of a name", [("a", 0, ()), ("b", 9, ("com.a",))], "b"),
        ("another vendor's prefix is none", [("a", 1, ()), ("b", 0, ("org",))], "b"),
        ("what is near is asked before what is far", [("far", 0, (), 100), ("b", 9, ())], "b"),
        ("a prefix goes before what is near", [("a", 0, ()), ("far", 9, ("com.acme",), 100)], "far"),
        ("of two prefixes the priority decides", [("a", 2, ("com",)), ("b", 1, ("com.acme",))], "b"),
    ],
)
def test_registries_are_asked_in_order(case, registries, winner):
    asked = [
        MemoryRegistry(name, {PAGE: {"from": name}}, priority, prefixes, class_priority=kind[0] if kind else 1)
        for name, priority, prefixes, *kind in registries
    ]
    assert body(resolver(*asked).lookup(key(PAGE))) == {"from": winner}, case
    assert [registry.name for registry in asked if registry.asked] == [winner]


def test_the_next_registry_is_asked_where_one_does_not_have_it_or_fails():
    broken, empty, full = (
        MemoryRegistry("broken", broken="no"),
        MemoryRegistry("empty"),
        MemoryRegistry("full", {PAGE: FIRST}),
    )
    assert body(resolver(broken, empty, full).lookup(key(PAGE))) == FIRST


# Failures


def test_a_lookup_in_vain_tells_where_it_looked():
    clock = Clock(1_795_404_158.962)
    answer = resolver(MemoryRegistry("empty"), MemoryRegistry("broken", broken="disk on fire"), clock=clock).lookup(
        key(PAGE)
    )
    assert answer == ResolutionFailure(
        key(PAGE), (Attempt("empty", None, 1, clock.now), Attempt("broken", "disk on fire", 1, clock.now))
    )
    assert isinstance(answer, ResolutionFailure)
    history = answer.error().to_json()["lookupHistory"]
    assert history == [
        {
            "repository": "empty",
            "errors": [{"error": "NotFound"}],
            "attempts": 1,
            "lastAttempt": "2026-11-23T03:22:38.962Z",
        },
        {
            "repository": "broken",
            "errors": [{"error": "RepoFailure", "message": "disk on fire"}],
            "attempts": 1,
            "lastAttempt": "2026-11-23T03:22:38.962Z",
        },
    ]


def test_not_found_is_remembered_like_a_schema():
    clock, registry = Clock(), MemoryRegistry("a")
    asking = resolver(registry, ttl=60, clock=clock)
    assert asking.lookup(key(PAGE)) == asking.lookup(key(PAGE))
    registry.schemas[PAGE] = FIRST
    clock.now += 59
    assert isinstance(asking.lookup(key(PAGE)), ResolutionFailure)
    assert len(registry.asked) == 1
    clock.now += 1
    assert body(asking.lookup(key(PAGE))) == FIRST


def test_not_found_is_remembered_for_ever_without_ttl():
    clock, registry = Clock(), MemoryRegistry("a")
    asking = resolver(registry, clock=clock)
    asking.lookup(key(PAGE))
    clock.now += 1e9
    asking.lookup(key(PAGE))
    assert len(registry.asked) == 1


def test_a_failing_registry_is_asked_again_ever_more_seldom():
    clock, registry = Clock(), MemoryRegistry("a", broken="down")
    asking = resolver(registry, clock=clock)
    start, moments = clock.now, [0.0]
    asking.lookup(key(PAGE))
    while len(registry.asked) < 12:
        before = len(registry.asked)
        clock.now += 0.25
        answer = asking.lookup(key(PAGE))
        if len(registry.asked) > before:
            moments.append(clock.now - start)
    assert [later - earlier for earlier, later in itertools.pairwise(moments)] == [
        0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60,
    ]  # fmt: skip
    assert isinstance(answer, ResolutionFailure)
    assert answer.history == (Attempt("a", "down", 12, clock.now),)
    registry.broken, registry.schemas[PAGE] = None, FIRST
    clock.now += 60
    assert body(asking.lookup(key(PAGE))) == FIRST


def test_a_short_ttl_is_the_longest_wait_after_a_failure():
    clock, registry = Clock(), MemoryRegistry("a", broken="down")
    asking = resolver(registry, ttl=0.25, clock=clock)
    asking.lookup(key(PAGE))
    clock.now += 0.25
    asking.lookup(key(PAGE))
    assert len(registry.asked) == 2


# Cache


def test_a_schema_is_asked_for_once_and_again_after_its_ttl():
    clock, registry = Clock(), MemoryRegistry("a", {PAGE: FIRST})
    asking = resolver(registry, ttl=60, clock=clock)
    for _ in range(3):
        assert body(asking.lookup(key(PAGE))) == FIRST
    assert len(registry.asked) == 1
    registry.schemas[PAGE] = SECOND
    clock.now += 60
    assert body(asking.lookup(key(PAGE))) == SECOND
    assert len(registry.asked) == 2


def test_a_schema_that_did_not_change_stays_the_same_object():
    clock, registry = Clock(), MemoryRegistry("a", {PAGE: dict(FIRST)})
    asking = resolver(registry, ttl=60, clock=clock)
    first = asking.lookup(key(PAGE))
    registry.schemas[PAGE] = dict(FIRST)
    clock.now += 60
    assert asking.lookup(key(PAGE)) is first
    assert len(registry.asked) == 2


@pytest.mark.parametrize("trouble", ["failure", "removal"])
def test_a_schema_outlives_a_lookup_in_vain(trouble):
    clock, registry = Clock(), MemoryRegistry("a", {PAGE: FIRST})
    asking = resolver(registry, ttl=60, clock=clock)
    asking.lookup(key(PAGE))
    registry.broken = "down" if trouble == "failure" else None
    registry.schemas.clear()
    clock.now += 60
    assert body(asking.lookup(key(PAGE))) == FIRST
    assert len(registry.asked) == 2
    registry.broken, registry.schemas[PAGE] = None, SECOND
    clock.now += 60
    assert body(asking.lookup(key(PAGE))) == SECOND


def test_without_a_cache_every_lookup_asks():
    registry = MemoryRegistry("a", {PAGE: FIRST})
    asking = resolver(registry, cache_size=0)
    asking.lookup(key(PAGE))
    asking.lookup(key(PAGE))
    assert len(registry.asked) == 2


@given(st.lists(st.tuples(st.sampled_from(["ask", "wait", "break", "mend", "change"]), st.integers(0, 2)), max_size=60))
def test_what_is_known_stays_known_and_is_up_to_date_within_the_ttl(steps):
    ttl, clock, registry = 5, Clock(), MemoryRegistry("a")
    asking = resolver(registry, ttl=ttl, clock=clock)
    known: set[str] = set()
    settled_at = clock.now  # the last moment at which an answer could have gone out of date
    for step, number in steps:
        name = f"com.acme/n{number}/1-0-0"
        match step:
            case "wait":
                clock.now += 1 + number
            case "break":
                registry.broken = "down"
            case "mend":
                registry.broken, settled_at = None, clock.now
            case "change":
                registry.schemas[name], settled_at = {"since": clock.now}, clock.now
            case "ask":
                answer = asking.lookup(key(name))
                assert name not in known or isinstance(answer, Schema)
                if isinstance(answer, Schema):
                    known.add(name)
                if registry.broken is None and clock.now - settled_at >= ttl:
                    assert (answer.body if isinstance(answer, Schema) else None) == registry.schemas.get(name)


# Versions


def test_versions_of_all_registries_are_joined_and_sorted():
    first = MemoryRegistry("a", {"com.acme/page/1-0-10": {}, "com.acme/page/1-0-0": {}, "com.acme/page/2-0-0": {}})
    second = MemoryRegistry("b", {"com.acme/page/1-0-2": {}, "com.acme/page/1-0-0": {}, "com.acme/other/1-0-1": {}})
    versions = resolver(first, second).versions(key(PAGE))
    assert versions == [SchemaVer(1, 0, 0), SchemaVer(1, 0, 2), SchemaVer(1, 0, 10)]


def test_versions_are_remembered_unless_the_one_at_hand_is_missing():
    clock, registry = Clock(), MemoryRegistry("a", {PAGE: {}})
    asking = resolver(registry, ttl=60, clock=clock)
    assert asking.versions(key(PAGE)) == [SchemaVer(1, 0, 0)]
    registry.schemas["com.acme/page/1-0-1"] = {}
    assert asking.versions(key(PAGE)) == [SchemaVer(1, 0, 0)]
    assert asking.versions(key("com.acme/page/1-0-1")) == [SchemaVer(1, 0, 0), SchemaVer(1, 0, 1)]
    registry.schemas["com.acme/page/1-0-2"] = {}
    clock.now += 60
    assert len(asking.versions(key(PAGE))) == 3


def test_a_list_handed_out_is_not_the_list_remembered():
    asking = resolver(MemoryRegistry("a", {PAGE: {}}))
    asking.versions(key(PAGE)).clear()
    assert asking.versions(key(PAGE)) == [SchemaVer(1, 0, 0)]


LINES = [
    ("the version itself is nowhere", [], "1-0-0", False),
    ("the first there can be", ["1-0-0"], "1-0-0", True),
    ("all additions", ["1-0-0", "1-0-1", "1-0-2"], "1-0-2", True),
    ("higher ones do not matter", ["1-0-0", "1-0-2"], "1-0-0", True),
    ("an addition is missing", ["1-0-0", "1-0-2"], "1-0-2", False),
    ("the first is missing", ["1-0-1"], "1-0-1", False),
    ("all revisions", ["1-0-0", "1-1-0", "1-1-1"], "1-1-1", True),
    ("a revision is missing", ["1-0-0", "1-2-0"], "1-2-0", False),
    ("an addition of an earlier revision is missing", ["1-0-0", "1-0-2", "1-1-0"], "1-1-0", False),
    ("a later model", ["2-0-0", "2-0-1"], "2-0-1", True),
]


@pytest.mark.parametrize(("known", "wanted", "enough"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_versions_need_no_registry_that_fails_where_none_can_be_missing(known, wanted, enough):
    """So what the product brings along does not wait for a registry that has other schemas."""
    full = MemoryRegistry("full", {f"com.acme/page/{version}": {} for version in known})
    asking = resolver(MemoryRegistry("broken", broken="down"), full)
    if enough:
        assert [str(version) for version in asking.versions(key(f"com.acme/page/{wanted}"))] == known
    else:
        with pytest.raises(RegistryFailure, match=rf"^the registry 'broken' could not answer for .*{wanted}: down$"):
            asking.versions(key(f"com.acme/page/{wanted}"))


def test_a_list_outlives_a_failure_and_is_asked_for_again_soon():
    clock, registry = Clock(), MemoryRegistry("a", {"com.acme/page/1-0-7": {}})
    asking = resolver(registry, ttl=3600, clock=clock)
    before = asking.versions(key("com.acme/page/1-0-7"))
    clock.now += 3600
    registry.broken = "down"
    assert asking.versions(key("com.acme/page/1-0-7")) == before
    registry.broken, registry.schemas["com.acme/page/1-0-8"] = None, {}
    clock.now += 60
    assert len(asking.versions(key("com.acme/page/1-0-7"))) == 2


def test_a_list_without_the_version_at_hand_does_not_outlive_a_failure():
    registry = MemoryRegistry("a", {"com.acme/page/1-0-7": {}})
    asking = resolver(registry)
    asking.versions(key("com.acme/page/1-0-7"))
    registry.broken = "down"
    with pytest.raises(RegistryFailure, match="down"):
        asking.versions(key("com.acme/page/1-0-9"))


# A resolver that insists


def insisting(*registries, cache_size=10, ttl=None, clock=None):
    return Resolver(registries, cache_size, ttl, clock or Clock(), insists=True)


def test_who_insists_takes_no_failure_for_an_answer():
    broken, empty = MemoryRegistry("broken", broken="on fire"), MemoryRegistry("empty")
    asking = insisting(empty, broken)
    for _ in range(3):
        with pytest.raises(RegistryFailure) as failure:
            asking.lookup(key(PAGE))
    uri = "iglu:com.acme/page/jsonschema/1-0-0"
    assert str(failure.value) == f"the registry 'broken' could not answer for {uri}: on fire"
    assert len(broken.asked) == 3, "the pauses are the caller's"
    broken.broken = None
    assert isinstance(asking.lookup(key(PAGE)), ResolutionFailure), "now everybody says that there is none"


def test_who_insists_asks_again_even_where_all_had_said_no():
    clock, registry = Clock(), MemoryRegistry("a")
    asking = insisting(registry, ttl=60, clock=clock)
    assert isinstance(asking.lookup(key(PAGE)), ResolutionFailure)
    registry.broken = "down"
    assert isinstance(asking.lookup(key(PAGE)), ResolutionFailure), "within the ttl it is what they said"
    clock.now += 60
    with pytest.raises(RegistryFailure):
        asking.lookup(key(PAGE))


def test_who_insists_is_content_with_what_another_registry_has_or_what_was_known():
    clock, registry = Clock(), MemoryRegistry("a", {PAGE: FIRST})
    asking = insisting(MemoryRegistry("broken", broken="down"), registry, ttl=60, clock=clock)
    assert body(asking.lookup(key(PAGE))) == FIRST
    registry.broken = "down"
    clock.now += 60
    assert body(asking.lookup(key(PAGE))) == FIRST


def test_a_new_schema_brings_the_lower_versions_of_its_model_along():
    """A column can be made then, whatever happens to the registry."""
    schemas = {f"com.acme/page/1-0-{n}": {"n": n} for n in range(4)} | {"com.acme/page/2-0-0": {}}
    registry = MemoryRegistry("a", schemas)
    asking = insisting(registry)
    asking.lookup(key("com.acme/page/1-0-2"))
    assert sorted(registry.asked) == [key(f"com.acme/page/1-0-{n}") for n in range(3)]
    registry.broken = "down"
    versions = [version for version in asking.versions(key("com.acme/page/1-0-2")) if version <= SchemaVer(1, 0, 2)]
    assert [body(asking.lookup(key(f"com.acme/page/{version}"))) for version in versions] == [
        {"n": 0}, {"n": 1}, {"n": 2},
    ]  # fmt: skip


def test_a_schema_is_not_known_before_its_lower_versions_are():
    class Listless(MemoryRegistry):
        def versions(self, vendor, name, model):
            raise RegistryFailure("no lists today")

    asking = insisting(Listless("a", {"com.acme/page/1-0-1": {}}))
    for _ in range(2):
        with pytest.raises(RegistryFailure, match="no lists today"):
            asking.lookup(key("com.acme/page/1-0-1"))


def test_without_a_cache_the_lower_versions_are_asked_for_once_a_lookup():
    registry = MemoryRegistry("a", {f"com.acme/page/1-0-{n}": {} for n in range(30)})
    insisting(registry, cache_size=0).lookup(key("com.acme/page/1-0-29"))
    assert len(registry.asked) == 30


# What is built in


def test_the_default_resolver_has_the_schemas_of_the_product():
    asking = default_resolver()
    assert isinstance(asking.lookup(key("com.patrickcloud/sample_input/1-0-0")), Schema)
    assert asking.versions(key("com.snowplowanalytics.snowplow/payload_data/1-0-4")) == [
        SchemaVer(1, 0, n) for n in range(5)
    ]
    assert isinstance(asking.lookup(key("com.patrickcloud/nothing/1-0-0")), ResolutionFailure)


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ({"$supersededBy": "1-0-2"}, SchemaVer(1, 0, 2)),
        ({"$supersededBy": "soon"}, None),
        ({"$supersededBy": 5}, None),
        ({}, None),
    ],
)
def test_a_schema_knows_what_supersedes_it(body, version):
    assert Schema.of(key(PAGE), body).superseded_by == version


def test_a_configuration_file_adds_folders_to_the_schemas_of_the_product(tmp_path):
    name = key("com.acme/page/1-0-0")
    file = tmp_path / "registry" / name.path
    file.parent.mkdir(parents=True)
    identity = {"vendor": "com.acme", "name": "page", "format": "jsonschema", "version": "1-0-0"}
    file.write_text(json.dumps({"self": identity}))
    repository = {
        "name": "ours",
        "priority": 0,
        "vendorPrefixes": ["com.acme"],
        "connection": {"embedded": {"path": "registry"}},
    }
    configuration = {
        "schema": "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3",
        "data": {"cacheSize": 500, "cacheTtl": 600, "repositories": [repository]},
    }
    (tmp_path / "resolver.json").write_text(json.dumps(configuration))
    asking = Resolver.from_file(tmp_path / "resolver.json")
    assert isinstance(asking.lookup(name), Schema)
    assert isinstance(asking.lookup(key("com.patrickcloud/sample_input/1-0-0")), Schema)
    missing = asking.lookup(key("com.acme/page/1-0-1"))
    assert isinstance(missing, ResolutionFailure)
    assert [attempt.repository for attempt in missing.history] == ["ours", "Snowmelt Embedded"]
