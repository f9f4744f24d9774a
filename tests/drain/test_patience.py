"""Waiting for registries: ever longer, told once, and not for ever where somebody waits for the end."""

import logging
from datetime import UTC, datetime

import pytest

from snowmelt.drain.patience import Patience, patient
from snowmelt.iglu.registry import RegistryFailure

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOWN = RegistryFailure("the registry 'ours' could not answer for iglu:…: down")


class Clock:
    """Seconds, moved by whoever waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


def test_pauses_grow_and_begin_anew() -> None:
    patience = Patience(None)
    assert [patience.pause(DOWN) for _ in range(8)] == [0.5, 1, 2, 4, 8, 15, 15, 15]
    patience.answered()
    assert patience.pause(DOWN) == 0.5


def test_patience_ends_after_its_time_and_says_what_to_do() -> None:
    clock = Clock()
    patience = Patience(10, clock)
    with pytest.raises(RegistryFailure) as end:
        while True:
            clock.wait(patience.pause(DOWN))
    assert clock.waited == [0.5, 1, 2, 4, 2.5]
    assert str(end.value) == (f"{DOWN}; after 10 seconds it waits no longer: start it again when the registry answers")


def test_time_of_another_trouble_does_not_count() -> None:
    clock = Clock()
    patience = Patience(10, clock)
    for _ in range(5):
        clock.wait(patience.pause(DOWN))
        clock.now += 9
        patience.answered()


def test_a_trouble_is_told_once_and_that_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    patience = Patience(None, clock)
    with caplog.at_level(logging.INFO):
        patience.answered()
        while clock.now < 1000 + 290:
            clock.wait(patience.pause(DOWN))
        for _ in range(100):
            patience.answered()
    assert caplog.messages == [
        f"waiting until it can go on: {DOWN}",
        f"registries answer again after {sum(clock.waited):.0f} seconds",
    ]


def test_a_long_trouble_is_told_again_with_what_it_is_now(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    patience = Patience(None, clock)
    clock.wait(patience.pause(DOWN))
    while clock.now < 1000 + 1000:
        clock.wait(patience.pause(RegistryFailure("other")))
    assert caplog.messages == [f"waiting until it can go on: {said}" for said in (DOWN, "other", "other", "other")]


def test_a_record_is_tried_until_it_gives_something() -> None:
    clock, troubles = Clock(), [DOWN, DOWN]

    def process(record: bytes, position: str | None, now: datetime) -> list[bytes]:
        if troubles:
            raise troubles.pop()
        return [record]

    tried = patient(process, Patience(60, clock), clock.wait)  # type: ignore[arg-type]
    assert tried(b"a", None, NOW) == [b"a"]
    assert tried(b"b", None, NOW) == [b"b"]
    assert clock.waited == [0.5, 1]


def test_a_record_is_not_tried_without_end() -> None:
    clock = Clock()

    def process(record: bytes, position: str | None, now: datetime) -> list[bytes]:
        raise DOWN

    with pytest.raises(RegistryFailure, match="waits no longer"):
        patient(process, Patience(60, clock), clock.wait)(b"a", None, NOW)  # type: ignore[arg-type]
    assert sum(clock.waited) == 60
