"""The learning rate as far as a verdict needs it: what it was, and what it would become."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment
from core.experiment.changes import Stage
from core.experiment.limits import EPOCHS_MAX
from core.experiment.records import Run

Values = npt.NDArray[np.float64]

LONGER = 10  # times the epochs: how far a pace is carried on
HALVED = 0.5  # a rate that will fall below so much of itself has not shown yet what it does


def last_stage(experiment: Experiment) -> Stage:
    """The settings in force at the end, from the last change on that altered what is trained.

    >>> longer = {"epoch": 201, "epochs": 204}
    >>> last_stage(Experiment(changes=[longer])).first
    0
    >>> last_stage(Experiment(changes=[longer | {"optimizer.learning_rate": 0.1}])).first
    200
    """
    stage, *later = experiment.reached_stages
    for other in later:
        same = alters_nothing(stage, other, experiment.updates_per_epoch)
        stage = stage._replace(epochs=other.epochs) if same else other
    return stage


def alters_nothing(stage: Stage, other: Stage, updates: int) -> bool:
    """Whether a run would go on as it does in `other` without the change that `other` begins with.

    The rates are compared, not their schedules: another length is nothing to a constant rate, and
    a decay of 0 is no decay.
    """
    if stage.rule != other.rule:
        return False
    if stage.is_watched or other.is_watched:
        same_rate = stage.optimizer.learning_rate == other.optimizer.learning_rate
        same_watch = stage.schedule_first == other.schedule_first
        return same_rate and same_watch
    ahead = np.arange(other.first, EPOCHS_MAX)
    return np.array_equal(rates_after(stage, ahead, updates), rates_after(other, ahead, updates))


def rates_after(stage: Stage, epochs: npt.NDArray[np.int64], updates: int) -> Values:
    """The rate of the last update of epochs, counted from 0, as long as no plateau has cut it."""
    rates: Values = stage.rates((epochs + 1) * updates - 1, updates)
    return rates


class RunRates:
    """The rate of a run in every epoch, had it gone on to `LONGER` times the longest there is."""

    def __init__(self, run: Run) -> None:
        self.stage = stage = last_stage(run.experiment)
        self.known = run.column("learning_rate")
        updates = run.experiment.updates_per_epoch
        ahead = np.arange(LONGER * EPOCHS_MAX)
        self.ahead = rates_after(stage, np.maximum(ahead, stage.first), updates)
        epochs = np.arange(stage.first, stage.epochs)
        twice = rates_after(stage._replace(epochs=2 * stage.epochs), epochs, updates)
        self.goes_by_length = not np.array_equal(self.ahead[epochs], twice)

    @property
    def skipped(self) -> int:
        """How many epochs say nothing of the settings at the end: earlier ones, and the warm-up."""
        return max(self.stage.first, self.stage.warm)

    def will_fall(self, epoch: int) -> bool:
        """Whether the rate may still fall below half of itself, in the longest run there is.

        That of a plateau may as long as enough cuts are left, and the lowest rate is low enough.
        """
        if self.stage.is_watched:
            return self.lowest(epoch) < HALVED * float(self.known[epoch - 1])
        return bool(
            self.ahead[epoch:EPOCHS_MAX].min(initial=np.inf) < HALVED * self.ahead[epoch - 1]
        )

    def lowest(self, epoch: int) -> float:
        """To what a plateau may cut the rate after an epoch, in the longest run there is."""
        plateau: Any = self.stage.schedule
        apart = plateau.patience + max(plateau.cooldown - 1, 0)
        left = EPOCHS_MAX - max(int(self.stage.first_cut), epoch)
        cuts = max(-(-left // apart), 0)
        rate, least = float(self.known[epoch - 1]), float(plateau.min_learning_rate)
        cut: float = rate * plateau.factor**cuts
        return max(cut, min(least, rate))

    def outlook(self, epoch: int, half: int) -> float:
        """How much is to come in `LONGER` times the epochs, in times of the last `half` of them.

        What an update does is proportional to its rate, so rates are what is counted. A schedule
        that goes by the length of the run is taken to be drawn out with it.
        """
        if self.goes_by_length:
            return (LONGER - 1) * epoch / half
        if self.stage.is_watched:
            past, rate = self.known[epoch - half : epoch].sum(), self.known[epoch - 1]
            return float((LONGER - 1) * epoch * rate / past) if past else 0.0
        past = self.ahead[epoch - half : epoch].sum()
        return float(self.ahead[epoch : LONGER * epoch].sum() / past) if past else 0.0
