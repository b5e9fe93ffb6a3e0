"""The learning rate as far as a verdict needs it: what it was, and what it would become."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment
from core.experiment.limits import EPOCHS_MAX
from core.experiment.records import Run

Values = npt.NDArray[np.float64]

LONGER = 10  # times the epochs: how far a pace is carried on
HALVED = 0.5  # a rate that will fall below so much of itself has not shown yet what it does


class Last(NamedTuple):
    """The stage in which a run ended: from which epoch, counted from 0, it had which settings."""

    first: int
    schedule_first: int
    epochs: int  # what its schedule takes as the end of the run
    optimizer: Any
    schedule: Any

    @property
    def warm(self) -> int:
        """The epoch at which its warm-up is over."""
        return self.schedule_first + int(self.schedule.warmup_epochs)

    def rates(self, epochs: npt.NDArray[np.int64], updates: int, length: int) -> Values:
        """The rate of the last update of epochs, counted from 0, in a run of some length."""
        counted = (epochs - self.schedule_first + 1) * updates - 1
        rates: Values = self.schedule.rates(
            self.optimizer.learning_rate, counted, updates, length - self.schedule_first
        )
        return rates


def last_stage(experiment: Experiment) -> Last:
    """The settings in force at the end."""
    return Last(*[one for one in experiment.stages if one.first < experiment.length][-1])


class Rates:
    """The rate of a run in every epoch, had it gone on to `LONGER` times the longest there is."""

    def __init__(self, run: Run) -> None:
        self.stage = stage = last_stage(run.experiment)
        self.is_plateau = stage.schedule.kind == "plateau"
        self.known = run.column("learning_rate")
        updates = run.experiment.updates_per_epoch
        ahead = np.arange(LONGER * EPOCHS_MAX)
        self.ahead = stage.rates(np.maximum(ahead, stage.first), updates, stage.epochs)
        twice = stage.rates(np.arange(stage.first, stage.epochs), updates, 2 * stage.epochs)
        own = self.ahead[stage.first : stage.epochs]
        self.goes_by_length = not np.array_equal(own, twice)

    @property
    def skipped(self) -> int:
        """How many epochs say nothing of the settings at the end: earlier ones, and the warm-up."""
        return max(self.stage.first, self.stage.warm)

    def will_fall(self, epoch: int) -> bool:
        """Whether the rate is still to fall by half after an epoch, in the longest run there is.

        A plateau may always cut it.
        """
        if self.is_plateau:
            return True
        return bool(
            self.ahead[epoch:EPOCHS_MAX].min(initial=np.inf) < HALVED * self.ahead[epoch - 1]
        )

    def outlook(self, epoch: int, half: int) -> float:
        """How much is to come in `LONGER` times the epochs, in times of the last `half` of them.

        What an update does is proportional to its rate, so rates are what is counted. A schedule
        that goes by the length of the run is taken to be drawn out with it.
        """
        if self.goes_by_length:
            return (LONGER - 1) * epoch / half
        if self.is_plateau:
            past, rate = self.known[epoch - half : epoch].sum(), self.known[epoch - 1]
            return float((LONGER - 1) * epoch * rate / past) if past else 0.0
        past = self.ahead[epoch - half : epoch].sum()
        return float(self.ahead[epoch : LONGER * epoch].sum() / past) if past else 0.0
