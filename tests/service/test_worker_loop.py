"""The loop of a worker by itself: whose chunk comes next, and what is heard before it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np
import pytest

from core.engine.looking import Look, Sight
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome, Table
from core.service.messages import (
    FromWorker,
    LookInto,
    Quit,
    Records,
    SnapshotTaken,
    Stop,
    Train,
    Warm,
)
from core.service.snapshots import SHARE_MAX
from core.service.trainer import Engine, Starts
from core.service.worker_loop import LOOKING_SECONDS, Inbox, WorkerLoop
from tests.service.waiting import PATIENCE, experiment

COMPILES = 64  # batch size of experiments whose program is compiled until a test lets it end
UNSEEN = 13  # seed of experiments of which no snapshot can be taken
LONG = 2000


class Chunk(NamedTuple):
    run: int
    records: Table


class Session:
    """Trains one experiment, an epoch a chunk, and tells its stage of each before it ends.

    The first chunk begins with the row of epoch 0.
    """

    columns = COLUMNS

    def __init__(self, stage: Stage, experiment: Experiment, start: Snapshot | None) -> None:
        self.stage, self.experiment, self.epochs = stage, experiment, start.epoch if start else 0
        self.outcomes: list[Outcome | None] = [None]

    def advance(self, seconds: float) -> list[Chunk]:
        self.epochs += 1
        self.stage.note(f"chunk {self.experiment.seed}.{self.epochs}")
        if self.epochs == self.experiment.epochs:
            self.outcomes = [Outcome("finished", self.epochs)]
        epochs = np.arange(self.epochs if self.epochs > 1 else 0, self.epochs + 1, dtype=float)
        return [Chunk(0, np.tile(epochs[:, None], len(COLUMNS)))]


class Stage:
    """A loop whose engine is made up, and all that happens, in order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.firsts: list[int] = []  # epochs of its records
        self.snapshots: list[tuple[int, int]] = []  # epochs that it says, and that are packed
        self.then: dict[str, Callable[[], object]] = {}  # what to do when it happens
        self.compiled = threading.Event()
        self.inbox: Inbox = SimpleQueue()
        given = self.session, self.warm, "made up", "cpu", self.look
        engine = Engine(*given, snapshot=self.snapshot)
        self.seconds = count()  # each time that the loop asks for it
        self.loop = WorkerLoop(engine, self.inbox, self.say, lambda: float(next(self.seconds)))

    def session(
        self, experiments: Sequence[Experiment], columns: Columns, starts: Starts
    ) -> Session:
        return Session(self, experiments[0], starts[0])

    def snapshot(self, session: Session, run: int) -> Snapshot:
        if session.experiment.seed == UNSEEN:
            raise RuntimeError("the accelerator fell off")
        return Snapshot(session.epochs, {})

    def warm(self, experiment: Experiment) -> None:
        assert experiment.batch_size != COMPILES or self.compiled.wait(PATIENCE)

    def look(
        self, experiment: Experiment, look: Look, should_stop: Callable[[], bool]
    ) -> Iterator[Sight]:
        """Asks at every epoch on the way to the one that is to be seen."""
        for _ in range(look.epochs[0]):
            assert not should_stop()
        yield Sight(look.epochs[0], {})

    def say(self, message: FromWorker) -> None:
        if isinstance(message, SnapshotTaken):
            self.snapshots.append((message.epoch, Snapshot.from_bytes(message.payload).epoch))
        if isinstance(message, Records):
            self.firsts += [first for _, first, _ in message.runs]
        else:
            self.note(" ".join([message.kind, getattr(message, "task", "")]).strip())

    def note(self, what: str) -> None:
        self.log.append(what)
        if do := self.then.get(what):
            do()

    def stop(self, task: str) -> None:
        self.inbox.put(Stop(task))

    def quit(self) -> None:
        self.inbox.put(Quit())

    def train(self, seed: int, epochs: int = LONG, **changes: object) -> None:
        self.inbox.put(Train(str(seed), (experiment(seed, epochs, **changes),)))

    def after(self, what: str) -> list[str]:
        """What happened since."""
        return self.log[self.log.index(what) + 1 :]


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.compiled.set()


def chunks(log: Sequence[str]) -> list[str]:
    """The tasks whose chunks are in a log."""
    return [what.split()[1].split(".")[0] for what in log if what.startswith("chunk")]


@pytest.mark.parametrize("tasks", [1, 4])
def test_a_stop_is_heeded_before_the_next_chunk(stage: Stage, tasks: int) -> None:
    for seed in range(tasks):
        stage.train(seed)
    told = f"chunk {tasks - 1}.3"
    stage.then = {told: lambda: stage.stop("0"), "outcome 0": stage.quit}
    stage.loop.work()
    assert chunks(stage.after(told)) == []
    assert stage.log[-1] == "outcome 0"


def test_a_stop_is_heeded_while_the_program_is_compiled(stage: Stage) -> None:
    stage.train(0, batch_size=COMPILES)
    stage.then = {"taken 0": lambda: stage.stop("0"), "outcome 0": stage.quit}
    stage.loop.work()
    assert stage.log == ["taken 0", "outcome 0"]


def test_tasks_take_turns_a_chunk_each(stage: Stage) -> None:
    stage.train(0)
    stage.then = {"chunk 0.1": lambda: stage.train(1), "chunk 1.5": stage.quit}
    stage.loop.work()
    last = chunks(stage.log)[-9:]
    assert last == ["1", "0"] * 4 + ["1"]


def test_a_new_task_is_second_in_turn_however_many_there_are(stage: Stage) -> None:
    for seed in range(6):
        stage.train(seed)
    new = 9
    stage.then = {"chunk 5.2": lambda: stage.train(new, epochs=1), f"outcome {new}": stage.quit}
    stage.loop.work()
    assert chunks(stage.after(f"started {new}"))[1:] == [str(new)]


def test_compiling_a_program_holds_up_nobody(stage: Stage) -> None:
    stage.train(0)
    stage.then = {
        "chunk 0.1": lambda: stage.train(1, batch_size=COMPILES),
        "chunk 0.9": stage.compiled.set,
        "chunk 1.1": stage.quit,
    }
    stage.loop.work()
    assert chunks(stage.after("taken 1"))[:7] == ["0"] * 7


def test_warming_gives_way_to_work(stage: Stage) -> None:
    for hidden in ([5], [6]):
        stage.inbox.put(Warm(experiment(5, batch_size=COMPILES, **{"model.hidden": hidden})))
    stage.train(0, epochs=3)
    stage.then = {"outcome 0": stage.compiled.set}
    told = iter([lambda: None, stage.quit])
    stage.then["warmed"] = lambda: next(told)()
    stage.loop.work()
    assert stage.log[-3:] == ["outcome 0", "warmed", "warmed"]


def test_records_are_told_by_the_epochs_that_they_say_themselves(stage: Stage) -> None:
    stage.train(0, epochs=3)
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert stage.firsts == [0, 2, 3]


def long_task(seed: int = 0, **given: object) -> Train:
    return Train(str(seed), (experiment(seed, LONG),), **given)


def test_snapshots_come_again_and_again_and_take_a_hundredth_of_the_time(stage: Stage) -> None:
    stage.inbox.put(long_task(snapshot_seconds=1.0))
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert all(said == packed for said, packed in stage.snapshots)
    assert [said for said, _ in stage.snapshots] == sorted({said for said, _ in stage.snapshots})
    took = 2 * len(stage.snapshots)  # of these seconds it takes two to take one
    assert len(stage.snapshots) > 10
    assert took <= (SHARE_MAX + 0.001) * next(stage.seconds)


def test_between_two_snapshots_of_a_run_there_are_so_many_seconds(stage: Stage) -> None:
    stage.inbox.put(long_task(snapshot_seconds=1000.0))
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert 1 < len(stage.snapshots) <= next(stage.seconds) // 1000


def test_without_being_asked_for_snapshots_it_takes_none(stage: Stage) -> None:
    stage.inbox.put(long_task())
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert stage.snapshots == []


def test_a_run_of_which_no_snapshot_can_be_taken_goes_on_without(stage: Stage) -> None:
    stage.inbox.put(long_task(UNSEEN, snapshot_seconds=1.0))
    stage.then = {f"outcome {UNSEEN}": stage.quit}
    stage.loop.work()
    assert len(chunks(stage.log)) == LONG


def test_a_run_goes_on_from_the_snapshot_that_it_is_given(stage: Stage) -> None:
    packed = Snapshot(1990, {}).to_bytes()
    stage.inbox.put(long_task(snapshots=(len(packed),), payload=packed))
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert stage.firsts == list(range(1991, LONG + 1))


def test_what_is_no_snapshot_is_no_reason_not_to_train(stage: Stage) -> None:
    stage.inbox.put(long_task(snapshots=(4,), payload=b"none"))
    stage.then = {"outcome 0": stage.quit}
    stage.loop.work()
    assert stage.firsts[0] == 0


def test_a_look_that_has_nothing_to_show_yet_says_that_it_looks(stage: Stage) -> None:
    epochs = 3 * int(LOOKING_SECONDS)
    stage.inbox.put(LookInto.from_look("1", experiment(), Look("weights", [epochs])))
    stage.then = {"looked 1": stage.quit}
    stage.loop.work()
    assert stage.log == ["looking 1"] * 3 + ["sight 1", "looked 1"]
