"""Runs that nobody trained, with known answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, OutcomeKind, Run
from dashboard.lines.plan import Line, Plan

EPOCHS = 3


def run(
    experiment: Experiment,
    final: float,
    val_loss: float = 0.5,
    kind: OutcomeKind = "finished",
    epochs: int = EPOCHS,
) -> Run:
    """A run that climbs to its final test accuracy in equal steps."""
    records = np.zeros((epochs, len(COLUMNS)))
    records[:, COLUMNS.index("epoch")] = np.arange(1, epochs + 1)
    records[:, COLUMNS.index("accuracy")] = final * np.arange(1, epochs + 1) / max(epochs, 1)
    records[:, COLUMNS.index("val_accuracy")] = records[:, COLUMNS.index("accuracy")]
    records[:, COLUMNS.index("loss")] = records[:, COLUMNS.index("val_loss")] = val_loss
    return Run(experiment, records, Outcome(kind, epochs))


def runs(plan: Plan, finals: Sequence[Sequence[float]]) -> list[Run]:
    """The runs of a plan's job, from the final test accuracy of each line and seed."""
    made: dict[int, Run] = {}
    for line, values in zip(plan.lines, finals, strict=True):
        for number, final in zip(line.numbers, values, strict=True):
            made[number] = run(plan.experiments[number], final)
    return [made[number] for number in range(len(plan.experiments))]


def seeds(plan: Plan, numbers: Sequence[int]) -> list[int]:
    """The seeds of some runs of a job, in their order."""
    return [plan.experiments[number].seed for number in numbers]


def line(plan: Plan, pin: int) -> Line:
    return plan.of_pin(pin)[0]
