"""A worker by itself, spoken to in frames."""

import subprocess
from collections.abc import Iterator
from time import monotonic

import numpy as np
import pytest

from core import protocol
from core.jobs.machine import surroundings
from core.protocol import Frame, Header
from core.records import COLUMNS
from tests.jobs.fake_worker import COMPILES, SLOW, expected
from tests.jobs.waiting import FAKE, experiment

PROMPT = 0.2  # seconds until a stop or a new rate is in force


class Wire:
    """Both ends of a worker's pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def do(self, **message: object) -> None:
        assert self.process.stdin
        protocol.write(self.process.stdin, Frame(message))

    def train(self, task: str, *seeds: int, epochs: int = 2000, rates: object = ()) -> None:
        experiments = [experiment(seed, epochs).to_dict() for seed in seeds]
        self.do(do="train", task=task, experiments=experiments, rates=rates)

    def hear(self) -> Frame:
        assert self.process.stdout
        frame = protocol.read(self.process.stdout)
        assert frame is not None
        return frame

    def until(self, **wanted: object) -> Frame:
        while frame := self.hear():
            if wanted.items() <= frame.header.items():
                return frame
        raise AssertionError


@pytest.fixture
def wire() -> Iterator[Wire]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(FAKE, env=surroundings(), **pipes) as process:
        yield Wire(process)


def rows(frame: Frame) -> np.ndarray:
    return np.frombuffer(frame.payload).reshape(-1, len(COLUMNS))


def test_it_says_loading_then_ready_with_its_device(wire: Wire) -> None:
    assert wire.hear().header == {"say": "loading"}
    assert wire.hear().header == {"say": "ready", "device": "made up"}


def test_a_task_is_taken_started_trained_and_ended(wire: Wire) -> None:
    wire.train("a", 1, 2, epochs=40)
    said = [wire.hear().header for _ in range(4)][2:]
    assert [header["say"] for header in said] == ["taken", "started"]
    first, second = wire.hear(), wire.hear()
    assert first.header["runs"] == [[0, 1, 25], [1, 1, 25]]
    assert second.header["runs"] == [[0, 26, 15], [1, 26, 15]]
    records = np.concatenate([rows(first)[:25], rows(second)[:15]])
    np.testing.assert_array_equal(records, expected(experiment(1, 40)))
    ends: list[Header] = [wire.hear().header for _ in range(2)]
    assert [(end["run"], end["outcome"]["kind"]) for end in ends] == [
        (0, "finished"),
        (1, "finished"),
    ]


@pytest.mark.parametrize("tasks", [1, 4])
def test_a_stop_takes_effect_within_200_ms(wire: Wire, tasks: int) -> None:
    for task in range(tasks):
        wire.train(str(task), SLOW + task)
    wire.until(say="records", task=str(tasks - 1))
    sent = monotonic()
    wire.do(do="stop", task="0")
    frame = wire.until(say="outcome", task="0")
    assert monotonic() - sent < PROMPT
    assert frame.header["outcome"]["kind"] == "stopped"


def test_a_stop_takes_effect_while_the_program_is_compiled(wire: Wire) -> None:
    wire.train("a", COMPILES)
    wire.until(say="taken")
    sent = monotonic()
    wire.do(do="stop", task="a")
    wire.until(say="outcome", task="a")
    assert monotonic() - sent < PROMPT


def test_a_new_rate_takes_effect_within_200_ms(wire: Wire) -> None:
    wire.train("a", SLOW)
    wire.until(say="records")
    sent = monotonic()
    wire.do(do="rate", task="a", run=0, learning_rate=0.5)
    while rows(wire.until(say="records"))[-1, 2] != 0.5:
        pass
    assert monotonic() - sent < PROMPT


def test_a_rate_that_comes_with_the_task_holds_from_the_first_update(wire: Wire) -> None:
    wire.train("a", 0, epochs=5, rates=[[0, 0.5]])
    assert set(rows(wire.until(say="records"))[:, 2]) == {0.5}


def test_programs_are_warmed_one_after_the_other_when_there_is_nothing_else(wire: Wire) -> None:
    for runs in (1, 8):
        wire.do(do="warm", experiment=experiment(0).to_dict(), runs=runs)
    assert [wire.until(say="warmed").header["runs"] for _ in range(2)] == [1, 8]


def test_it_ends_when_its_input_does_even_while_it_trains(wire: Wire) -> None:
    wire.train("a", SLOW)
    wire.until(say="records")
    assert wire.process.stdin
    wire.process.stdin.close()
    assert wire.process.wait(10) == 0


def test_it_quits_when_it_is_told_to(wire: Wire) -> None:
    wire.train("a", COMPILES)
    wire.do(do="quit")
    assert wire.process.wait(10) == 0
