"""The one worker that trains by plain `fit`: there while somebody wants it, one run at a time."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment import Experiment
from core.experiment.limits import FIT_IDLE_SECONDS
from core.service.backend import Here
from core.service.worker_pool import SILENCE, Seat, Silence, WorkerPool

ARGUMENT = "keras"  # of a worker's command

# By plain `fit` on one core: seconds of processor time of single runs, by Keras 3.15 on TensorFlow
# 2.21 without other work in the process; right to within a factor of 1.5 for the tutorial's network
# with 1 to 125 updates an epoch and for digits with 128-64 and 256-256 hidden units.
START_SECONDS = 1.0  # tracing
EPOCH_SECONDS = 0.04  # validation and callbacks
UPDATE_SECONDS = 0.0013
SECONDS_PER_OPERATION = 4e-10  # a multiply-add of a row


class FitPool(WorkerPool):
    """Its seat is filled while it is `wanted`, and emptied when it has been idle for a while."""

    def __init__(
        self, command: Sequence[str], silence: Silence = SILENCE, idle: float = FIT_IDLE_SECONDS
    ) -> None:
        super().__init__(Here(1, (*command, ARGUMENT)), silence, "keras")
        self.wanted = False
        self._idle = idle

    def after_giving_up(self) -> None:
        """Nobody tries while nobody waits: so whoever comes next has it tried afresh."""
        self.losses.forget()

    def retire(self, now: float) -> None:
        for seat in self.seats:
            rested = not self.wanted and now >= seat.rested_at + self._idle
            if seat.ready and not seat.works and (rested or seat.full):
                seat.dismiss()

    def empty(self, now: float) -> list[Seat]:
        return super().empty(now) if self.wanted else []

    def starts(self) -> list[float]:
        return super().starts() if self.wanted else []

    def deadlines(self) -> list[float]:
        resting = [seat for seat in self.seats if seat.ready and not seat.works and not self.wanted]
        return super().deadlines() + [seat.rested_at + self._idle for seat in resting]


def fit_seconds(experiment: Experiment) -> float:
    """About how long plain `fit` takes for one run.

    >>> round(fit_seconds(Experiment()), 1)
    13.2
    """
    rows = min(experiment.batch_size, experiment.data.train_rows)
    update = UPDATE_SECONDS + SECONDS_PER_OPERATION * rows * experiment.operations
    epoch = EPOCH_SECONDS + experiment.updates_per_epoch * update
    return START_SECONDS + experiment.length * epoch
