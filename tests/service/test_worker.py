"""A worker by itself, spoken to in messages."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core.engine.fingerprint import device_class
from core.experiment.records import COLUMNS, Outcome
from core.service import frames
from core.service.frames import LENGTHS, Frame
from core.service.messages import (
    Alive,
    Drag,
    Drive,
    Loading,
    Quit,
    Ready,
    Records,
    Refused,
    RunEnded,
    Started,
    Taken,
    TakeSnapshot,
    Train,
    Warm,
    Warmed,
)
from tests.service.fake_worker import COMPILES, SLOW, expected, expected_start
from tests.service.waiting import ATTEMPTS, FAKE, PATIENCE, experiment
from tests.service.wire import Wire, rows, wired

ROOT = Path(__file__).parents[2]
PROMPT = 0.2  # seconds until a stop is in force


def test_a_worker_has_no_database_in_its_memory():
    program = "import sys, core.service.worker; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


@pytest.fixture
def wire() -> Iterator[Wire]:
    with wired(FAKE) as wire:
        yield wire


def test_it_says_loading_then_ready_with_its_device(wire: Wire) -> None:
    assert wire.hear() == Loading()
    assert wire.hear() == Ready("made up", device_class())


def test_it_says_again_and_again_that_it_is_there_whatever_it_does(wire: Wire) -> None:
    wire.train("a", SLOW)
    wire.until(Started)
    said = [wire.hear_all() for _ in range(60)]  # an epoch takes 50 ms
    assert 1 <= sum(isinstance(message, Alive) for message in said) < 30


def test_a_task_is_taken_started_trained_and_ended(wire: Wire) -> None:
    wire.train("a", 1, 2, epochs=40)
    said = [wire.hear() for _ in range(4)][2:]
    assert said == [Taken("a"), Started("a", COLUMNS)]
    first, second = wire.until(Records), wire.until(Records)
    assert first.runs == ((0, 0, 26), (1, 0, 26))
    assert second.runs == ((0, 26, 15), (1, 26, 15))
    records = np.concatenate([rows(first)[:26], rows(second)[:15]])
    np.testing.assert_array_equal(records[0], expected_start(experiment(1)))
    np.testing.assert_array_equal(records[1:], expected(experiment(1, 40)))
    ends = [wire.until(RunEnded) for _ in range(2)]
    assert [(end.run, end.outcome.kind) for end in ends] == [(0, "finished"), (1, "finished")]


@pytest.mark.parametrize("tasks", [1, 4])
def test_a_stop_takes_effect_within_200_ms(wire: Wire, tasks: int) -> None:
    names = map(str, count())
    for _ in range(tasks - 1):
        wire.train(next(names), SLOW)

    def stop() -> float:
        name = next(names)
        wire.train(name, SLOW)
        wire.until(Records, lambda records: records.task == name)
        return wire.stop(name)

    assert any(stop() <= PROMPT for _ in range(ATTEMPTS))


def test_a_stop_takes_effect_while_the_program_is_compiled(wire: Wire) -> None:
    names = map(str, count())

    def stop() -> float:
        name = next(names)
        wire.train(name, COMPILES)
        wire.until(Taken, lambda taken: taken.task == name)
        return wire.stop(name)

    assert any(stop() <= PROMPT for _ in range(ATTEMPTS))


def test_programs_are_warmed_one_after_the_other_when_there_is_nothing_else(wire: Wire) -> None:
    wishes = [experiment(0, batch_size=size) for size in (32, 16)]
    for wish in wishes:
        wire.do(Warm(wish))
    assert [wire.until(Warmed).experiment for _ in range(2)] == wishes


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (TakeSnapshot("a", 0), "Worker: snapshot is not done here."),
        (Drag("a", experiment(0), 20), "Worker: drag is not done here."),
        (Drive("a", "pause"), "Worker: drive is not done here."),
        (
            Train("a", (experiment(0),), engine="keras"),
            "Worker: engine must be compiled, got keras.",
        ),
    ],
)
def test_what_it_does_not_do_it_refuses_in_a_sentence(wire: Wire, message, why: str) -> None:
    wire.do(message)
    assert wire.until(Refused) == Refused(message.kind, why, "a")
    wire.train("b", 1, epochs=2)
    assert wire.until(RunEnded).outcome.kind == "finished"


def test_what_is_no_message_is_refused_in_a_sentence(wire: Wire) -> None:
    assert wire.process.stdin
    frames.write(wire.process.stdin, Frame({"kind": "sing", "task": "a"}))
    refused = wire.until(Refused)
    assert (refused.what, refused.task) == ("sing", "a")
    assert refused.why.startswith("Message: kind must be one of train, stop, ")


def test_nothing_is_trained_of_tasks_that_were_stopped(wire: Wire) -> None:
    for task in ("a", "b", "c"):
        wire.train(task, SLOW)
    wire.until(Records)
    for task in ("a", "b", "c"):
        wire.stop(task)
    wire.train("d", SLOW, epochs=4)
    said = list(iter(wire.hear, RunEnded("d", 0, Outcome("finished", 4))))
    assert {one.task for one in said if isinstance(one, Records)} == {"d"}


@pytest.mark.parametrize("sent", [b"\xff" * 8, LENGTHS.pack(2, 0) + b"[]"])
def test_it_ends_after_what_is_no_frame_so_that_it_can_be_replaced(wire: Wire, sent: bytes) -> None:
    wire.train("a", SLOW)
    wire.until(Records)
    assert wire.process.stdin
    wire.process.stdin.write(sent)
    wire.process.stdin.flush()
    assert wire.process.wait(PATIENCE) == 1


def test_it_ends_when_its_input_does_even_while_it_trains(wire: Wire) -> None:
    wire.train("a", SLOW)
    wire.until(Records)
    assert wire.process.stdin
    wire.process.stdin.close()
    assert wire.process.wait(PATIENCE) == 0


def test_it_quits_when_it_is_told_to(wire: Wire) -> None:
    wire.train("a", COMPILES)
    wire.do(Quit())
    assert wire.process.wait(PATIENCE) == 0
