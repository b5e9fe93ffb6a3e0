"""Which runs can be trained by one compiled program; imports nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.experiment import Experiment
from core.experiment.network import Layer

LANES = 64  # most runs that one session trains together
PADDING_SHARE_MAX = 0.05  # of the rows, where a body of its own would do: what it costs each epoch

# Arguments of a layer that are inputs of a program, or that have done their work before it starts.
INPUTS = {"rate": "dropout", "kernel_regularizer": "l2"}
STARTS = {"kernel_initializer"}

LayerKey = tuple[str, tuple[tuple[str, Any], ...]]


class ProgramKey(NamedTuple):
    """Every shape in a program, and its rules; all other numbers are inputs."""

    train_rows: int
    test_rows: int
    features: int
    classes: int
    layers: tuple[LayerKey, ...]
    loss: str
    optimizer: str
    decays: bool  # whether weights decay, and
    clips: bool  # whether gradients are clipped, in any stage of the run
    batch_size: int

    @property
    def updates_per_epoch(self) -> int:
        """Batches an epoch, the smaller last one included."""
        return -(-self.train_rows // self.batch_size)

    @property
    def full_batches(self) -> int:
        return self.train_rows // self.batch_size

    @property
    def padding(self) -> int:
        """How many rows that count for nothing fill up the smaller last batch.

        With them it needs no body of its own, which takes a second to compile for convolutions, and
        half a second with batch normalisation: for that only where few are enough.
        """
        kinds = {kind for kind, _ in self.layers}
        missing = self.updates_per_epoch * self.batch_size - self.train_rows
        few = missing <= PADDING_SHARE_MAX * self.train_rows
        pays = "Conv2D" in kinds or ("BatchNormalization" in kinds and few)
        return missing if pays else 0

    @property
    def has_l2(self) -> bool:
        return any(name == "kernel_regularizer" for _, named in self.layers for name, _ in named)


def program_key(experiment: Experiment) -> ProgramKey:
    """What two experiments must have equal to share a program.

    >>> tutorial = Experiment()
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.learning_rate": 0.1}))
    True
    >>> program_key(tutorial) == program_key(tutorial.replace({"optimizer.kind": "adam"}))
    False
    """
    data = experiment.data
    optimizers = [stage.optimizer for stage in experiment.stages]
    return ProgramKey(
        train_rows=data.train_rows,
        test_rows=data.rows - data.train_rows,
        features=data.features,
        classes=data.classes,
        layers=layers_key(experiment.model.layers(data.features, data.classes)),
        loss=experiment.loss,
        optimizer=experiment.optimizer.kind,
        decays=any(decay for one in optimizers for decay in decays(one)),
        clips=any(one.clipnorm for one in optimizers),
        batch_size=min(experiment.batch_size, data.train_rows),
    )


def network_key(experiment: Experiment) -> ProgramKey:
    """The same for what only looks at a network and its loss, whatever trains it."""
    return program_key(experiment)._replace(
        optimizer="", decays=False, clips=False, batch_size=experiment.data.train_rows
    )


def decays(optimizer: Any) -> tuple[float, float]:
    """How fast matrices decay, and how fast the weights that Muon leaves to Adam."""
    return optimizer.weight_decay, getattr(optimizer, "adam_weight_decay", 0.0)


def layers_key(layers: Sequence[Layer]) -> tuple[LayerKey, ...]:
    """Layers without their numbers.

    >>> layers_key([Layer("Dropout", {"rate": 0.5})])
    (('Dropout', (('rate', 'dropout'),)),)
    """
    return tuple(
        (
            layer.kind,
            tuple(
                (name, INPUTS.get(name, tuple(value) if isinstance(value, list) else value))
                for name, value in layer.arguments.items()
                if name not in STARTS
            ),
        )
        for layer in layers
    )
