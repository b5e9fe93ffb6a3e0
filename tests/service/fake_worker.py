"""A worker whose engine is made up: no TensorFlow, known figures, and troubles on demand.

The thousands of an experiment's seed say how its training goes. The one argument of the command,
where there is one, is a file that opens a gate.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.engine.fingerprint import device_class
from core.engine.looking import Look, Sight
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome, Row, Run, Table
from core.service.fit_pool import ARGUMENT
from core.service.fit_session import fit_engine
from core.service.trainer import Engine, Starts
from core.service.worker import serve

SLOW, RAISES, HANGS, DIES, DIVERGES, UNPREPARED, COMPILES, GATED = (n * 1000 for n in range(1, 9))
TROUBLE_EPOCH = 3  # the first without a record
EPOCHS_A_CHUNK = 25
COMPILE_SECONDS = 1.0
LOOK_SECONDS = 0.01  # between two looks at the gate


class Chunk(NamedTuple):
    run: int
    records: Table


def behaviour(experiment: Experiment) -> int:
    return experiment.seed // 1000 * 1000


def figures(experiment: Experiment, first: int, last: int, columns: Columns = COLUMNS) -> Table:
    """The rows of some epochs: nothing is learned, but every figure differs."""
    rate = experiment.optimizer.learning_rate
    epochs = np.arange(first, last + 1, dtype=np.float64)
    loss = (1 + experiment.seed) / (epochs + rate)
    counted = (epochs, epochs * experiment.updates_per_epoch, np.full_like(epochs, rate), loss)
    asked = (10 * place * loss for place in range(len(COLUMNS), len(columns)))
    return np.stack([*counted, 1 / (1 + loss), loss + 1, 1 / (2 + loss), *asked], axis=1)


def expected(experiment: Experiment) -> Table:
    """All records of a run that nothing happens to."""
    return figures(experiment, 1, experiment.epochs)


def expected_start(experiment: Experiment) -> Row:
    """The row of epoch 0."""
    return figures(experiment, 0, 0)[0]


class FakeSession:
    def __init__(self, experiments: Sequence[Experiment], columns: Columns, starts: Starts) -> None:
        self.experiments, self.columns = experiments, columns
        self.outcomes: list[Outcome | None] = [None] * len(experiments)
        self.epochs = [start.epoch if start else 0 for start in starts]
        if any(behaviour(experiment) == UNPREPARED for experiment in experiments):
            raise ValueError("FakeSession: seed must be below 6000.")
        self.gated = any(behaviour(experiment) == GATED for experiment in experiments)

    def advance(self, seconds: float) -> list[Chunk]:
        print("what a library prints must harm no frame")
        slow = any(behaviour(experiment) == SLOW for experiment in self.experiments)
        if slow:
            threading.Event().wait(seconds)
        if self.gated and min(self.epochs) == TROUBLE_EPOCH - 1:
            wait_at_gate()
            self.gated = False
        open_runs = [run for run, outcome in enumerate(self.outcomes) if outcome is None]
        return [
            chunk for run in open_runs for chunk in self.train(run, 1 if slow else EPOCHS_A_CHUNK)
        ]

    def snapshot(self, run: int) -> Snapshot:
        return Snapshot(self.epochs[run], {})

    def train(self, run: int, epochs: int) -> list[Chunk]:
        experiment, done = self.experiments[run], self.epochs[run]
        last = min(done + epochs, experiment.epochs)
        if self.gated:
            last = min(last, TROUBLE_EPOCH - 1)
        if behaviour(experiment) in TROUBLES and last >= TROUBLE_EPOCH:
            if done == TROUBLE_EPOCH - 1:
                self.outcomes[run] = TROUBLES[behaviour(experiment)]()
                return []
            last = TROUBLE_EPOCH - 1
        self.epochs[run] = last
        if last == experiment.epochs:
            self.outcomes[run] = Outcome("finished", last)
        return [Chunk(run, figures(experiment, done + 1 if done else 0, last, self.columns))]


def wait_at_gate() -> None:
    while not Path(sys.argv[1]).exists():
        threading.Event().wait(LOOK_SECONDS)


def fail() -> Outcome:
    raise RuntimeError("the accelerator fell off")


def hang() -> Outcome:
    threading.Event().wait()
    raise AssertionError


def die() -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def diverge() -> Outcome:
    return Outcome("diverged", TROUBLE_EPOCH)


TROUBLES = {RAISES: fail, HANGS: hang, DIES: die, DIVERGES: diverge}


def warm(experiment: Experiment) -> None:
    if behaviour(experiment) == COMPILES:
        threading.Event().wait(COMPILE_SECONDS)


def look(experiment: Experiment, wish: Look, should_stop: Callable[[], bool]) -> Iterator[Sight]:
    """What is seen is the number of its epoch, but for predictions: those are the inputs."""
    for epoch in wish.epochs:
        if should_stop():
            return
        if behaviour(experiment) == SLOW:
            threading.Event().wait(LOOK_SECONDS)
        if behaviour(experiment) == GATED and epoch == TROUBLE_EPOCH:
            wait_at_gate()
        if behaviour(experiment) in TROUBLES and epoch == TROUBLE_EPOCH:
            TROUBLES[behaviour(experiment)]()
        yield Sight(epoch, seen(wish, epoch))


def seen(wish: Look, epoch: int) -> dict[str, npt.NDArray[np.float32]]:
    if wish.inputs is not None:
        return {"predictions": wish.inputs}
    shape = (1024, 1024) if wish.what == "snapshot" else (2, 3)
    return {"kernel": np.full(shape, epoch, np.float32), "bias": np.zeros(0, np.float32)}


def load() -> Engine:
    return Engine(FakeSession, warm, "made up", device_class(), look, snapshot=FakeSession.snapshot)


def fit(
    experiment: Experiment,
    on_records: Callable[[Table], None],
    should_stop: Callable[[], bool],
    columns: Columns,
) -> Run:
    """The same figures, an epoch at a time."""
    rows = figures(experiment, 0, experiment.epochs, columns)
    for epoch, row in enumerate(rows):
        if behaviour(experiment) == SLOW:
            threading.Event().wait(LOOK_SECONDS)
        if behaviour(experiment) == GATED and epoch == TROUBLE_EPOCH:
            wait_at_gate()
        if behaviour(experiment) in TROUBLES and epoch == TROUBLE_EPOCH:
            return Run.from_rows(
                experiment, rows[:epoch], TROUBLES[behaviour(experiment)](), columns
            )
        if should_stop():
            return Run.from_rows(experiment, rows[:epoch], Outcome("stopped", epoch - 1), columns)
        on_records(row[None])
    return Run.from_rows(experiment, rows, Outcome("finished", experiment.epochs), columns)


def load_fit() -> Engine:
    return fit_engine(fit, "made up", device_class())


if __name__ == "__main__":
    serve(load_fit if ARGUMENT in sys.argv else load)
