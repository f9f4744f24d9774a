"""A port that is taken is told before anything starts, with its owner and its setting."""

import socket
from collections.abc import Iterator

import pytest

from snowmelt.demo.processes import StageError
from snowmelt.live.ports import refuse_taken
from snowmelt.live.stage import Port, Stage


def stage(name: str, *numbers: int) -> Stage:
    return Stage(name, (), {}, ports=tuple(Port(f"{name.upper()}_PORT", number) for number in numbers))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_free_ports_are_fine(unused_tcp_port: int) -> None:
    refuse_taken([stage("a", unused_tcp_port), stage("b")])


def test_every_taken_port_is_named(taken: int, unused_tcp_port: int) -> None:
    with pytest.raises(StageError) as error:
        refuse_taken([stage("a", unused_tcp_port), stage("b", taken), stage("c", unused_tcp_port)])
    assert str(error.value).splitlines() == [
        f"b cannot listen on port {taken}: another program does (it answers); free it or choose by B_PORT",
        f"c cannot listen on port {unused_tcp_port}: a is to listen there too; free it or choose by C_PORT",
    ]


def test_one_that_is_bound_but_does_not_answer_is_taken_too() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(StageError, match="another program does; free it"):
            refuse_taken([stage("a", bound.getsockname()[1])])
