"""One run in a few figures and one honest judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.records import Run

Judgement = Literal[
    "diverged", "stopped", "nothing", "oscillates", "slow", "overfits", "fast", "well", "poor"
]

TARGET = 0.8  # the tutorial's problem can be solved to about 0.82; 0.8 counts as learned
CHANCE_MARGIN = 0.1  # how far above guessing a network must come before it has learned anything
FAST_SHARE = 0.1  # of the epochs: the target reached within them is fast
UNSTEADY = 0.03  # mean change of the test accuracy from one epoch to the next
JUMPY = 0.1  # mean change of the training loss from one epoch to the next, as a share of it
STILL_FALLING = 0.005  # fall of the loss over the last tenth of the epochs, as a share of it
STEADY = 3.0  # how many times that fall must exceed the mean change between two epochs
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
        epochs=run.experiment.epochs,
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
    if is_unsteady(accuracy, loss):
        return "oscillates"
    if accuracy.max() < 1 / run.experiment.data.classes + CHANCE_MARGIN:
        return "nothing"
    if is_overfitted(loss, run.column("val_loss")):
        return "overfits"
    above = accuracy >= TARGET
    if above.any():
        first = int(np.argmax(above)) + 1
        return "fast" if first <= FAST_SHARE * run.experiment.epochs else "well"
    return "slow" if is_still_falling(loss) else "poor"


def is_unsteady(accuracy: npt.NDArray[np.float64], loss: npt.NDArray[np.float64]) -> bool:
    """Whether the test accuracy or the training loss still jumps in the second half."""
    accuracy, loss = accuracy[len(accuracy) // 2 :], loss[len(loss) // 2 :]
    if len(loss) < 2:
        return False
    swings, jumps = np.abs(np.diff(accuracy)).mean(), np.abs(np.diff(loss)).mean()
    return bool(swings > UNSTEADY or jumps > JUMPY * loss.mean())


def is_still_falling(loss: npt.NDArray[np.float64]) -> bool:
    """Whether the training loss fell over the last tenth of the epochs, and not by chance."""
    tenth = max(len(loss) // 10, 1)
    if len(loss) < 2 * tenth:
        return False
    before, now = loss[-2 * tenth : -tenth].mean(), loss[-tenth:].mean()
    jumps = np.abs(np.diff(loss[-2 * tenth :])).mean()
    return bool(before - now > max(STILL_FALLING * before, min(STEADY, tenth / 2) * jumps))


def is_overfitted(loss: npt.NDArray[np.float64], val_loss: npt.NDArray[np.float64]) -> bool:
    """Whether the validation loss rose from its lowest while the training loss fell on."""
    width = max(len(loss) // 10, 1)
    smooth, smooth_val = (np.convolve(x, np.ones(width) / width, "valid") for x in (loss, val_loss))
    lowest = int(np.argmin(smooth_val))
    return bool(smooth_val[-1] > OVERFITTED * smooth_val[lowest] and smooth[-1] < smooth[lowest])


def last(values: npt.NDArray[np.float64]) -> float:
    return float(values[-1]) if len(values) else float("nan")
