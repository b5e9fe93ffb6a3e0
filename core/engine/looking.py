"""Looking into a run: what is wished to be seen, after which epochs, and what is seen there.

An experiment trains again in milliseconds and to the same bits, so nothing of a run has to be kept
for whoever wants to look into it later. Importing this loads no TensorFlow; `look` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment
from core.experiment.field_types import Choice, accept
from core.experiment.refusals import FieldError

# "weights": all of the model, "weight.0", … in the order of Keras's `get_weights`. "snapshot":
# everything a run needs to go on, see `core.engine.snapshot`. "predictions": "probabilities",
# (rows, classes), of `inputs`. "update_losses": "losses", (updates,), of each update of the epoch
# the loss of its batch before it. The others, those of `core.engine.columns.EXTRA`: a number by
# their own name, see `core.engine.probes`.
What = Literal[
    "weights",
    "predictions",
    "snapshot",
    "update_losses",
    "measured_loss",
    "measured_accuracy",
    "gradient_norm",
    "sharpness",
    "preconditioned_sharpness",
]
WHATS: tuple[str, ...] = get_args(What)


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

        >>> Look("weights", [0, 200]).check(Experiment())
        >>> Look("weights", [201]).check(Experiment())
        Traceback (most recent call last):
            ...
        core.experiment.refusals.FieldError: Look: `epochs` must be some from 0 to 200, got \
[201, 201].
        """
        accept("Look", "what", Choice(WHATS), self.what)
        last = experiment.length
        if not self.epochs or not all(0 <= epoch <= last for epoch in self.epochs):
            got = [min(self.epochs, default=None), max(self.epochs, default=None)]
            raise FieldError("Look", "epochs", f"some from 0 to {last}", got)
        features = experiment.data.features
        shape = (0, features) if self.inputs is None else np.shape(self.inputs)
        is_table = len(shape) == 2 and shape[1] == features
        if not is_table or (shape[0] > 0) != (self.what == "predictions"):
            expected = f"rows of {features} numbers, for predictions"
            raise FieldError("Look", "inputs", expected, shape)


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
