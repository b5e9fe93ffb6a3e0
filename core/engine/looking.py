"""Looking into a run: what is wished to be seen, after which epochs, and what is seen there.

An experiment trains again in milliseconds and to the same bits, so nothing of a run has to be kept
for whoever wants to look into it later. Importing this loads no TensorFlow; `look` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine.columns import EXTRA
from core.experiment import Experiment
from core.experiment.refusals import FieldError, because

# "weights": all of the model, "weight.0", … in the order of Keras's `get_weights`. "snapshot":
# everything a run needs to go on, see `core.engine.snapshot`. "predictions": "probabilities",
# (rows, classes), of `inputs`. "update_losses": "losses", (updates,), of each update of the epoch
# the loss of its batch before it. The others: a number by their own name, see `core.engine.probes`.
WHATS = ("weights", "snapshot", "predictions", "update_losses", *EXTRA)


@dataclass(frozen=True)
class Look:
    """What is wished: `what` of `WHATS` after each of `epochs`, 0 before the first update.

    `inputs`, (rows, features), are what predictions are wished for.
    """

    what: str
    epochs: Sequence[int]
    inputs: npt.NDArray[np.float32] | None = None

    def check(self, experiment: Experiment) -> None:
        """Raise `FieldError` for what cannot be seen of an experiment.

        >>> Look("colour", [0]).check(Experiment())
        Traceback (most recent call last):
            ...
        core.experiment.refusals.FieldError: Look: `what` must be one of weights, snapshot, \
predictions, update_losses, measured_loss, measured_accuracy, gradient_norm, sharpness, \
preconditioned_sharpness, got "colour".
        """
        if self.what not in WHATS:
            raise FieldError("Look", "what", because("choice", options=WHATS), self.what)
        last = experiment.length
        if not len(self.epochs) or not all(0 <= epoch <= last for epoch in self.epochs):
            got = [min(self.epochs, default=None), max(self.epochs, default=None)]
            raise FieldError("Look", "epochs", because("epochs_of_run", last=last), got)
        features = experiment.data.features
        shape = (0, features) if self.inputs is None else np.shape(self.inputs)
        fits = len(shape) == 2 and shape[1] == features
        if not fits or (shape[0] == 0) == (self.what == "predictions"):
            reason = because("inputs_of_look", features=features)
            raise FieldError("Look", "inputs", reason, shape)


@dataclass(frozen=True)
class Sight:
    """What was seen after an epoch, by name."""

    epoch: int
    arrays: dict[str, npt.NDArray[Any]]


def look(
    experiment: Experiment, wish: Look, should_stop: Callable[[], bool] = lambda: False
) -> Iterator[Sight]:
    """Train the experiment and see; in the order of the epochs, each once.

    It ends early where the run diverges, and when `should_stop` says so, which is asked between
    epochs. Raises `FieldError` for what cannot be seen.
    """
    from core.engine.sights import sights

    wish.check(experiment)
    yield from sights(experiment, wish, should_stop)
