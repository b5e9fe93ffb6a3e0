"""Which runs can be trained by one compiled program; imports nothing heavy."""

from __future__ import annotations

from core.experiment import Experiment

LANES = 64  # most runs that one program trains together

ProgramKey = tuple[object, ...]


def program_key(experiment: Experiment) -> ProgramKey:
    """What two experiments must have equal to share a program: every shape, and the update rule.

    Numbers such as a rate or a momentum are inputs of the program and not part of it.

    >>> tutorial = Experiment()
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.learning_rate": 0.1}))
    True
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.kind": "adam"}))
    False
    """
    data = experiment.data
    return (
        (data.rows, data.train_rows, data.features, data.classes),
        (experiment.model.hidden, experiment.model.activation),
        experiment.optimizer.kind,
        experiment.batch_size,
    )
