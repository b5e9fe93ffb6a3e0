"""Runs with records made by hand, for what judges and counts them."""

from __future__ import annotations

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run

EPOCHS = 200


def made_up(experiment=None, *, epochs=EPOCHS, outcome="finished", **columns):
    """A run whose columns are as given, a number or one an epoch; the others are steady."""
    experiment = experiment or Experiment()
    rate = experiment.optimizer.learning_rate
    figures = {"learning_rate": rate, "loss": 0.5, "val_loss": 0.5, "accuracy": 0.5}
    figures = {**figures, "val_accuracy": 0.5, **columns}
    count = np.arange(1, epochs + 1)
    figures |= {"epoch": count, "updates": count * experiment.updates_per_epoch}
    table = [np.broadcast_to(np.asarray(figures[name], float), (epochs,)) for name in COLUMNS]
    epoch = epochs + 1 if outcome == "diverged" else epochs
    return Run(experiment, np.column_stack(table), Outcome(outcome, epoch))


def seeded(experiment, seed):
    return experiment.replace({"seed": seed})


def climbing_to(value, at, epochs=EPOCHS):
    """An accuracy that stays at 0.3 and is `value` from epoch `at` on."""
    return np.where(np.arange(1, epochs + 1) >= at, value, 0.3)


def jumping(middle, by, epochs=EPOCHS):
    """An accuracy that is above its middle in one epoch and below it in the next."""
    return middle + by * np.where(np.arange(epochs) % 2, 0.5, -0.5)
