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
        self.check_inputs(experiment.data.features)

    def check_inputs(self, features: int) -> None:
        """Raise `FieldError` unless there are rows of finite numbers where they are wanted."""
        empty = np.empty((0, features), np.float32)
        rows = empty if self.inputs is None else in_single_precision(self.inputs)
        fits = rows is not None and rows.shape[1:] == (features,)
        if rows is None or not fits or (len(rows) == 0) == (self.what == "predictions"):
            got = self.inputs if rows is None else rows.shape
            raise FieldError("Look", "inputs", because("inputs_of_look", features=features), got)
        if not np.isfinite(rows).all():
            got = np.asarray(self.inputs)[~np.isfinite(rows)][0]
            raise FieldError("Look", "inputs", because("finite_inputs_of_look"), float(got))


def in_single_precision(inputs: Any) -> npt.NDArray[np.float32] | None:
    """What a network is given; None for what are no numbers, or rows of several lengths."""
    try:
        with np.errstate(over="ignore"):
            return np.asarray(inputs, np.float32)
    except (TypeError, ValueError):
        return None


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
    epochs. Raises `FieldError` for what cannot be seen, at once.
    """
    wish.check(experiment)
    from core.engine.sights import sights

    return sights(experiment, wish, should_stop)
