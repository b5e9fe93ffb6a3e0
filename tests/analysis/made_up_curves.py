"""Runs of the tutorial whose curves are made up, so that what is to be said of them is known."""

from __future__ import annotations

import numpy as np

from core.analysis.attainable import Benchmarks
from core.experiment import Experiment
from core.experiment.records import Outcome, Run

KNOWN = Benchmarks(0.84, None, 0.342)  # the tutorial's
EPOCH = np.arange(1, 201)


def run(loss: np.ndarray, accuracy: np.ndarray, val_loss: np.ndarray | None = None) -> Run:
    """A finished run of the tutorial with these figures."""
    epochs = len(loss)
    number = np.arange(1, epochs + 1)
    val_loss = loss if val_loss is None else val_loss
    table = np.column_stack(
        [number, 16 * number, np.full(epochs, 0.01), loss, accuracy, val_loss, accuracy]
    )
    start = np.array([0, 0, 0.01, 3.0, 0.3, 3.0, 0.3])
    ended = Outcome("finished", epochs)
    return Run(Experiment().replace({"epochs": epochs}), table, ended, start=start)


def approach(first: float, last: float, epochs: float) -> np.ndarray:
    """A curve that nears `last`, most of the way within so many epochs."""
    return last + (first - last) * np.exp(-EPOCH / epochs)


NOISE = np.random.default_rng(0).normal(0, 1, len(EPOCH))
MADE_UP = {
    "good": run(approach(1.1, 0.4, 8), approach(0.3, 0.83, 8)),
    "still_improving": run(2.0 - 0.008 * EPOCH, 0.3 + 0.002 * EPOCH),
    "too_small": run(1.2 - 0.001 * EPOCH, 0.4 + 0.0001 * EPOCH),
    "settled": run(approach(1.1, 0.7, 5), approach(0.3, 0.7, 5)),
    "nothing": run(np.full(200, 3.0), np.full(200, 0.33)),
    "too_large": run(0.9 + 0.1 * NOISE, 0.6 + 0.08 * NOISE[::-1]),
    "lost": run(np.where(EPOCH < 90, 0.4, 1.1), np.where(EPOCH < 90, 0.82, 0.4)),
    "overfits": run(approach(1.1, 0.1, 40), approach(0.3, 0.8, 9), 0.5 + 0.01 * EPOCH),
}
