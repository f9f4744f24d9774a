"""Power cuts and kills on a disk that forgets: what was acknowledged stays, and every sync is needed for it."""

import ast
from inspect import getsource
from itertools import count
from random import Random

import pytest
from tests.streams.crashing_files import CrashingFiles, Site, at_random, everything, first, nothing
from tests.streams.power_cuts import Life, Tally, live

from snowmelt.streams.segments import active, writer

SITES = [
    Site("fsync_dir", "_recover", "disk"),
    Site("fsync_dir", "_recover", "disk/state"),
    Site("fsync_dir", "_recover", "disk/state/log"),
    Site("fsync_dir", "_recover", "disk/state/log/0"),
    Site("durable_sync", "ActiveSegment.create"),
    Site("fsync_dir", "ActiveSegment.create", "disk/state/log/0"),
    Site("durable_sync", "ActiveSegment._settle"),
    Site("durable_sync", "ActiveSegment.write"),
    Site("fsync_dir", "SegmentWriter._trim", "disk/state/log/0"),
]


def test_what_was_acknowledged_survives_many_crashes(crash_row):
    total = Tally()
    for seed in range(200):
        total.add(live(seed, CrashingFiles()))
    crash_row("power cuts and kills, seeded", total.crashes, total.acknowledged, total.lost, total.doubled)
    assert total.broken == []
    assert total.crashes > 1500
    assert total.acknowledged > 8000


@pytest.mark.parametrize("again", ["power cut", "kill"])
def test_every_operation_is_a_safe_place_to_crash(crash_row, again):
    """One crash instead of every operation of a life, then a second one instead of every operation of the recovery."""
    total = Tally()
    for operation in range(120):
        survivals = (nothing, everything, first(operation // 2), at_random(Random(operation)))
        for survives in survivals:
            life = Life(CrashingFiles(), Random(1))
            life.generation(operation, survives)
            life.generation(operation % 12, nothing if again == "power cut" else None)
            total.add(life.end())
    name = f"a power cut at each operation, then a {again} in recovery"
    crash_row(name, total.crashes, total.acknowledged, total.lost, total.doubled)
    assert total.broken == []


@pytest.mark.parametrize("site", SITES, ids=str)
def test_no_sync_can_be_left_out(site, crash_row):
    total = Tally()
    for seed in count():
        total.add(live(seed, CrashingFiles(ignored=site)))
        if total.broken:
            break
        assert seed < 3000, f"nothing goes wrong without {site}: it is not needed, or the check is too weak"
    note = "(as it should) " + total.broken[0].partition(":")[0]
    crash_row(f"without {site}", total.crashes, total.acknowledged, total.lost, total.doubled, note)


def test_the_sites_are_all_there_are():
    asked = set()
    for seed in range(20):
        files = CrashingFiles()
        live(seed, files)
        asked |= set(files.sites)
    assert asked == set(SITES)
    assert {(site.call, site.caller) for site in SITES} == set(_sites_in(active)) | set(_sites_in(writer))


def _sites_in(module):
    """The calls of a sync that the source holds, so that one that no test comes upon is noticed too."""

    def walk(node, names):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = (*names, node.name)
        if isinstance(node, ast.Attribute) and node.attr in ("durable_sync", "fsync_dir"):
            yield node.attr, ".".join(names)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, names)

    return walk(ast.parse(getsource(module)), ())
