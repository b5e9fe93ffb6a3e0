"""What the figures of a run are measured against: guessing, what is possible, and its own start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from core.analysis.attainable import Benchmarks
from core.analysis.trends import SURE, standard_error
from core.experiment import Experiment
from core.experiment.data import Blobs, Data
from core.experiment.records import Run

TARGET = 0.8  # the tutorial calls its problem learned at 80 %; for its own data, and no other
NEARLY = 0.9  # of what can be learned above guessing: whoever has so much has learned it


class Start(NamedTuple):
    """What a run shows before its first update."""

    loss: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Scale:
    """What the figures of an experiment are measured against."""

    rows: int  # in the test set,
    train_rows: int  # and in that to train on
    classes: int
    guessing: float
    possible: float
    enough: float  # an accuracy from which nothing is left to wish for
    guessing_loss: float  # of a network that thinks all classes equally likely
    sure_loss: float | None  # of a row that is wrong for sure; None where that has no bound
    updates: int  # in an epoch
    start: Start

    @property
    def room(self) -> float:
        """What can be learned above guessing."""
        return max(self.possible - self.guessing, 0.0)

    @property
    def is_hardly_any(self) -> bool:
        """Whether chance may hide all that can be learned above guessing."""
        return self.room <= SURE * standard_error(self.possible, self.rows)


def scale(run: Run, known: Benchmarks) -> Scale:
    """What a run is measured against."""
    data = run.experiment.data
    rows = data.rows - data.train_rows
    return Scale(
        rows,
        data.train_rows,
        data.classes,
        known.guessing,
        known.possible,
        enough(data, known),
        guessing_loss(run.experiment),
        sure_loss(run.experiment),
        run.experiment.updates_per_epoch,
        start(run),
    )


def enough(data: Data, known: Benchmarks) -> float:
    """The test accuracy from which a run has learned what there is to learn.

    That is `NEARLY` of all that is possible above guessing, or what chance may take off the
    possible (`SURE` standard errors), if that is less; guessing is never enough for less. For the
    tutorial's own data it is the tutorial's own bar.

    >>> enough(Blobs(), Benchmarks(0.84, None, 0.342))
    0.8
    >>> round(enough(Blobs(samples=20), Benchmarks(0.9, None, 0.4)), 2)
    0.68
    """
    if data == Blobs():
        return TARGET
    error = standard_error(known.possible, data.rows - data.train_rows)
    room = max(known.possible - known.guessing, 0.0)
    return max(known.possible - max((1 - NEARLY) * room, SURE * error), known.guessing)


def guessing_loss(experiment: Experiment) -> float:
    """The loss of a network that gives every class the same probability.

    >>> round(guessing_loss(Experiment()), 4)  # ln 3
    1.0986
    """
    classes = experiment.data.classes
    if experiment.loss == "squared_error":
        return (1 - 1 / classes) / classes
    return math.log(classes)


def sure_loss(experiment: Experiment) -> float | None:
    """The squared error of a row of whose wrong class the network is sure: 1 in two places.

    >>> sure_loss(Experiment(loss="squared_error"))  # 2 / 3
    0.6666666666666666
    """
    return 2 / experiment.data.classes if experiment.loss == "squared_error" else None


def start(run: Run) -> Start:
    """The figures before the first update; those of the first epoch where they were not kept."""
    names = ("loss", "val_loss", "val_accuracy")
    if run.start is not None:
        return Start(*(float(run.start[run.columns.index(name)]) for name in names))
    return Start(*(float(run.column(name)[0]) for name in names))
