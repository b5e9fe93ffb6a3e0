"""Columns that can be asked for beside those of every record; measured at the end of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.engine.evaluation import evaluation_of
from core.engine.probes import PROBES
from core.engine.snapshot import Snapshot
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, check_columns


def measured_loss(experiment: Experiment, snapshot: Snapshot) -> float:
    """The training loss after the epoch, with the weights as they then stand, dropout off."""
    return float(evaluation_of(experiment).figures(experiment, snapshot.weights)[0])


def measured_accuracy(experiment: Experiment, snapshot: Snapshot) -> float:
    """The training accuracy after the epoch, likewise."""
    return float(evaluation_of(experiment).figures(experiment, snapshot.weights)[1])


EXTRA: dict[str, Callable[[Experiment, Snapshot], float]] = {
    "measured_loss": measured_loss,
    "measured_accuracy": measured_accuracy,
    **PROBES,
}


def extra_figures(names: Sequence[str], experiment: Experiment, snapshot: Snapshot) -> list[float]:
    return [EXTRA[name](experiment, snapshot) for name in names]


def check_extra(columns: Columns) -> None:
    """Raise `ValueError` for columns that no engine measures."""
    check_columns(columns)
    if unknown := [name for name in columns[len(COLUMNS) :] if name not in EXTRA]:
        raise ValueError(f"Session: columns must be among {', '.join(EXTRA)}, got {unknown[0]}.")
