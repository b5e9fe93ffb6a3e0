"""The extra columns of `core.engine.columns`, each measured on a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.engine.evaluation import evaluation_of
from core.engine.probes import PROBES
from core.engine.snapshot import Snapshot
from core.experiment import Experiment


def measured_loss(experiment: Experiment, snapshot: Snapshot) -> float:
    """The training loss after the epoch, with the weights as they then stand, dropout off."""
    return float(evaluation_of(experiment).figures(experiment, snapshot.weights)[0])


def measured_accuracy(experiment: Experiment, snapshot: Snapshot) -> float:
    """The training accuracy after the epoch, likewise."""
    return float(evaluation_of(experiment).figures(experiment, snapshot.weights)[1])


MEASURES: dict[str, Callable[[Experiment, Snapshot], float]] = {
    "measured_loss": measured_loss,
    "measured_accuracy": measured_accuracy,
    **PROBES,
}


def extra_figures(names: Sequence[str], experiment: Experiment, snapshot: Snapshot) -> list[float]:
    return [MEASURES[name](experiment, snapshot) for name in names]
