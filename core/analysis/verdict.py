"""One run in a few figures and one honest judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.experiment.records import Run

Judgement = Literal[
    "diverged",
    "stopped",
    "short",
    "oscillates",
    "nothing",
    "lost",
    "overfits",
    "fast",
    "well",
    "slow",
    "poor",
]
Values = npt.NDArray[np.float64]

TARGET = 0.8  # the tutorial's problem can be solved to about 0.82; 0.8 counts as learned
CHANCE_MARGIN = 0.1  # how far above guessing a network must come before it has learned anything
SHORT = 3  # epochs: fewer say nothing of how a run goes on
LOST = 0.1  # test accuracy that a run has lost since its best, both smoothed
NEAR = 0.03  # how far below `TARGET` the last epochs may lie where it was reached
FAST_SHARE = 0.1  # of the epochs: the target reached within them is fast
UNSTEADY = 0.03  # mean change of the test accuracy from one epoch to the next
JUMPY = 0.1  # mean change of the training loss from one epoch to the next, as a share of it
JUMPY_MIN = 0.02  # and at least so much: a loss near 0 doubles and halves without harm
STILL_FALLING = (
    0.005  # fall of the mean loss from one quarter of the epochs to the last, as a share
)
STEADY = 4.0  # and this fall in standard errors, taken from the mean change between two epochs
OVERFITTED = 1.15  # validation loss over its lowest, both smoothed, while the training loss fell


@dataclass(frozen=True)
class Verdict:
    """What one run came to.

    `reached` is the first epoch with at least `TARGET` test accuracy, `best_epoch` the first with
    the best; both count from 1. `rises` counts the epochs in which the training loss rose.
    """

    judgement: Judgement
    epoch: int
    epochs: int
    final: float
    best: float
    best_epoch: int
    reached: int | None
    loss: float
    val_loss: float
    rises: int


def judge(run: Run) -> Verdict | None:
    """The figures and the judgement of a run; None where no epoch was completed and none diverged.

    Raises nothing: a run of one epoch is judged as well.
    """
    if not len(run.records) and run.outcome.kind != "diverged":
        return None
    accuracy, loss = run.column("val_accuracy"), run.column("loss")
    best = int(np.argmax(accuracy)) if len(accuracy) else -1
    above = np.flatnonzero(accuracy >= TARGET)
    return Verdict(
        judgement=judgement(run),
        epoch=run.outcome.epoch if run.outcome.kind == "diverged" else len(run.records),
        epochs=run.experiment.length,
        final=last(accuracy),
        best=float(accuracy[best]) if best >= 0 else float("nan"),
        best_epoch=best + 1,
        reached=int(above[0]) + 1 if len(above) else None,
        loss=last(loss),
        val_loss=last(run.column("val_loss")),
        rises=int(np.sum(np.diff(loss) > 0)),
    )


def judgement(run: Run) -> Judgement:
    """The word for a run; what went wrong comes before what went well."""
    if run.outcome.kind == "diverged":
        return "diverged"
    if run.outcome.kind != "finished":
        return "stopped"
    accuracy, loss = run.column("val_accuracy"), run.column("loss")
    if len(loss) < SHORT:
        return "short"
    if is_unsteady(accuracy, loss):
        return "oscillates"
    if accuracy.max() < 1 / run.experiment.data.classes + CHANCE_MARGIN:
        return "nothing"
    smooth = smoothed(accuracy)
    if smooth[-1] < smooth.max() - LOST:
        return "lost"
    if is_overfitted(loss, run.column("val_loss")):
        return "overfits"
    above = accuracy >= TARGET
    if above.any() and smooth[-1] >= TARGET - NEAR:
        first = int(np.argmax(above)) + 1
        return "fast" if first <= FAST_SHARE * run.experiment.length else "well"
    return "slow" if is_still_falling(loss) else "poor"


def smoothed(values: Values) -> Values:
    """The means over a tenth of the epochs, as far as there are so many."""
    width = max(len(values) // 10, 1)
    means: Values = np.convolve(values, np.ones(width) / width, "valid")
    return means


def is_unsteady(accuracy: Values, loss: Values) -> bool:
    """Whether the test accuracy or the training loss still jumps in the second half."""
    accuracy, loss = accuracy[len(accuracy) // 2 :], loss[len(loss) // 2 :]
    if len(loss) < 2:
        return False
    swings, jumps = np.abs(np.diff(accuracy)).mean(), np.abs(np.diff(loss)).mean()
    return bool(swings > UNSTEADY or jumps > max(JUMPY * loss.mean(), JUMPY_MIN))


def is_still_falling(loss: Values) -> bool:
    """Whether the training loss fell from one quarter of the epochs to the last, not by chance."""
    quarter = len(loss) // 4
    if not quarter:
        return False
    before, now = loss[-2 * quarter : -quarter].mean(), loss[-quarter:].mean()
    error = np.abs(np.diff(loss[-2 * quarter :])).mean() / np.sqrt(quarter)
    return bool(before - now > max(STILL_FALLING * before, STEADY * error))


def is_overfitted(loss: Values, val_loss: Values) -> bool:
    """Whether the validation loss rose from its lowest while the training loss fell on."""
    smooth, smooth_val = smoothed(loss), smoothed(val_loss)
    lowest = int(np.argmin(smooth_val))
    return bool(smooth_val[-1] > OVERFITTED * smooth_val[lowest] and smooth[-1] < smooth[lowest])


def last(values: Values) -> float:
    return float(values[-1]) if len(values) else float("nan")
