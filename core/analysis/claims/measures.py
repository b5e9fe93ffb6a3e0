"""What claims are judged by: figures of one run, or of a schedule alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.analysis.scale import TARGET
from core.analysis.statistics import epochs_to_target, swing
from core.analysis.studies.tutorial import ON_PAPER_UPDATES, rates
from core.experiment import Experiment
from core.experiment.records import Run

ENDING = 10  # epochs whose median tells where a run is: a single epoch's accuracy jumps by points
BOTTOM = (
    0.01  # of the first rate: on the tutorial's chart of 0 to 0.01 such a line lies on the axis
)
SETTLED = 0.01  # training accuracy stays within a point: 5 of the 500 rows
# Accuracies are counts of rows in float32, which is off by up to 6e-8; one row more or less makes
# at least 2e-4 (of `SAMPLES_MAX`), and 1e-6 in the mean of 200 steps. So nobody is judged by it.
NOISE = 1e-6
STEPS_SHOWN = 50  # updates on paper that the tutorial speaks of


def end(run: Run) -> float:
    """Where the test accuracy ends; of a diverged run below everything."""
    return ending(run, "val_accuracy")


def train_end(run: Run) -> float:
    """Where the training accuracy ends; of a diverged run below everything."""
    return ending(run, "accuracy")


def ending(run: Run, column: str) -> float:
    if run.outcome.kind == "diverged":
        return -math.inf
    return float(np.median(run.column(column)[-ENDING:]))


def gain(run: Run) -> float:
    """How far the test accuracy ends above where its first epoch left it, and above guessing.

    Whichever is higher counts. First weights already tell some points apart by luck, so an
    accuracy that stays was not learnt; and one that falls, or that comes from below 1 / classes up
    to it, is a network that guesses still. Below 0 where there was nothing to gain.
    """
    if run.outcome.kind == "diverged":
        return math.inf
    chance = 1 / run.experiment.data.classes
    return end(run) - max(float(run.column("val_accuracy")[0]), chance)


def epochs_to_80(run: Run) -> float:
    """The first epoch with at least 80 % test accuracy; infinite when there is none."""
    epoch = epochs_to_target(run)
    return math.inf if epoch is None else float(epoch)


def learnt_epoch(run: Run) -> float:
    """The first epoch from which ten have a median of 80 % test accuracy; infinite without one.

    A run that swings touches 80 % by luck long before it is there; this waits until it stays.
    """
    accuracy = run.column("val_accuracy")
    if len(accuracy) < ENDING:
        return math.inf
    there = np.median(sliding_window_view(accuracy, ENDING), axis=1) >= TARGET - NOISE
    return float(there.argmax() + 1) if there.any() else math.inf


def late_swing(run: Run) -> float:
    """How far the training accuracy moves between neighbouring epochs of the second half."""
    return moving(run, "accuracy", since=run.experiment.length // 2)


def test_swing(run: Run) -> float:
    """How far the test accuracy moves from one epoch to the next."""
    return moving(run, "val_accuracy", since=1)


def moving(run: Run, column: str, since: int) -> float:
    moved = swing(run, column, since)
    return math.inf if run.outcome.kind == "diverged" or moved is None else moved


def bottom_epoch(run: Run) -> float:
    """The first epoch whose rate is at most a hundredth of the first; infinite without one."""
    rate = run.column("learning_rate")
    low = rate <= BOTTOM * run.experiment.optimizer.learning_rate * (1 + 1e-5)  # float32 rates
    return float(run.column("epoch")[low.argmax()]) if low.any() else math.inf


def cuts(run: Run) -> float:
    """How often the rate fell."""
    return float((np.diff(run.column("learning_rate")) < 0).sum())


def settled_epoch(run: Run) -> float:
    """The first epoch from which on the training accuracy stays within a point of its last."""
    if run.outcome.kind == "diverged":
        return math.inf
    accuracy = run.column("accuracy")
    away = np.flatnonzero(np.abs(accuracy - accuracy[-1]) > SETTLED + NOISE)
    return float(away[-1] + 2 if len(away) else 1)


def rate_after_50(experiment: Experiment) -> float:
    """The share of the first rate that is left after 50 updates."""
    on_paper = rates(experiment, STEPS_SHOWN + 1)
    return float(on_paper[-1] / on_paper[0])


def last_paper_rate(experiment: Experiment) -> float:
    """The last of the 200 rates that the tutorial draws on paper."""
    return float(rates(experiment, ON_PAPER_UPDATES)[-1])


def last_rate(experiment: Experiment) -> float:
    """The rate of the last update of a whole run."""
    return float(rates(experiment, experiment.length * experiment.updates_per_epoch)[-1])


def possible(name: str, epochs: int) -> tuple[float, float]:
    """The least and the most that a measure can be, of runs of so many epochs."""
    if name in IN_EPOCHS:
        return 1.0, float(epochs)
    if name in SHARES:
        return 0.0, 1.0
    return (-1.0, 1.0) if name == "gain" else (0.0, math.inf)


IN_EPOCHS = {"epochs_to_80", "learnt_epoch", "bottom_epoch", "settled_epoch"}
SHARES = {"end", "train_end", "late_swing", "test_swing", "rate_after_50"}
OF_RUNS: dict[str, Callable[[Run], float]] = {
    "end": end,
    "train_end": train_end,
    "gain": gain,
    "epochs_to_80": epochs_to_80,
    "learnt_epoch": learnt_epoch,
    "late_swing": late_swing,
    "test_swing": test_swing,
    "bottom_epoch": bottom_epoch,
    "cuts": cuts,
    "settled_epoch": settled_epoch,
}
OF_SCHEDULES: dict[str, Callable[[Experiment], float]] = {
    "rate_after_50": rate_after_50,
    "last_paper_rate": last_paper_rate,
    "last_rate": last_rate,
}
WORDS = {
    "end": "test accuracy at the end, the median of ten epochs",
    "train_end": "training accuracy at the end, the median of ten epochs",
    "gain": "rise of the test accuracy above its first epoch and above guessing",
    "epochs_to_80": "first epoch with 80 % test accuracy, the mean of the seeds",
    "learnt_epoch": "first of ten epochs with a median of 80 % accuracy, the mean of the seeds",
    "late_swing": "change of the training accuracy between epochs of the second half",
    "test_swing": "change of the test accuracy between epochs",
    "bottom_epoch": "epoch in which the rate reached a hundredth",
    "cuts": "cuts of the rate",
    "settled_epoch": "epoch from which the training accuracy stays within a point",
    "rate_after_50": "share of the rate left after 50 updates",
    "last_paper_rate": "rate of the last of 200 updates",
    "last_rate": "rate of the last update",
}
