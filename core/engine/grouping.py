"""Which runs can be trained by one compiled program; imports nothing heavy."""

from __future__ import annotations

from typing import NamedTuple

from core.experiment import Experiment

LANES = 64  # most runs that one session trains together


class ProgramKey(NamedTuple):
    """Every shape in a program, and its update rule; all other numbers are inputs."""

    train_rows: int
    test_rows: int
    sizes: tuple[int, ...]  # units of every layer, from the features to the classes
    activation: str
    optimizer: str
    batch_size: int

    @property
    def updates_per_epoch(self) -> int:
        """Batches an epoch, the smaller last one included."""
        return -(-self.train_rows // self.batch_size)


def program_key(experiment: Experiment) -> ProgramKey:
    """What two experiments must have equal to share a program.

    >>> tutorial = Experiment()
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.learning_rate": 0.1}))
    True
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.kind": "adam"}))
    False
    """
    data, model = experiment.data, experiment.model
    return ProgramKey(
        train_rows=data.train_rows,
        test_rows=data.rows - data.train_rows,
        sizes=(data.features, *model.hidden, data.classes),
        activation=model.activation,
        optimizer=experiment.optimizer.kind,
        batch_size=min(experiment.batch_size, data.train_rows),
    )
