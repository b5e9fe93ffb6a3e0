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
UNSTEADY = 0.1  # mean change of the loss between epochs, as a share of the loss
STILL_FALLING = 0.03  # fall of the loss over the last tenth, as a share of the loss
OVERFITTED = 1.15  # last validation loss over its lowest, while the training loss fell on


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
    accuracy, val_accuracy = run.column("accuracy"), run.column("val_accuracy")
    chance = 1 / run.experiment.data.classes
    if is_unsteady(run.column("loss")):
        return "oscillates"
    if max(accuracy.max(), val_accuracy.max()) < chance + CHANCE_MARGIN:
        return "nothing"
    if is_still_falling(run.column("loss")):
        return "slow"
    if is_overfitted(run.column("loss"), run.column("val_loss")):
        return "overfits"
    if not (val_accuracy >= TARGET).any():
        return "poor"
    first = int(np.argmax(val_accuracy >= TARGET)) + 1
    return "fast" if first <= FAST_SHARE * run.experiment.epochs else "well"


def is_unsteady(loss: npt.NDArray[np.float64]) -> bool:
    """Whether the training loss still jumps in the second half of the epochs."""
    half = loss[len(loss) // 2 :]
    jumps = np.abs(np.diff(half))
    return len(jumps) > 1 and bool(jumps.mean() > UNSTEADY * half.mean())


def is_still_falling(loss: npt.NDArray[np.float64]) -> bool:
    """Whether the training loss fell noticeably over the last tenth of the epochs."""
    tenth = max(len(loss) // 10, 1)
    if len(loss) < 2 * tenth:
        return False
    before, now = loss[-2 * tenth : -tenth].mean(), loss[-tenth:].mean()
    return bool(before - now > STILL_FALLING * before)


def is_overfitted(loss: npt.NDArray[np.float64], val_loss: npt.NDArray[np.float64]) -> bool:
    """Whether the validation loss rose from its lowest while the training loss fell on."""
    lowest = int(np.argmin(val_loss))
    return bool(val_loss[-1] > OVERFITTED * val_loss[lowest] and loss[-1] < loss[lowest])


def last(values: npt.NDArray[np.float64]) -> float:
    return float(values[-1]) if len(values) else float("nan")
