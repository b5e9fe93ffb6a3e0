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

    def check(self) -> None:
        """Raise `ValueError` for what cannot be seen."""
        if self.what not in WHATS:
            raise ValueError(f"Look: what must be one of {', '.join(WHATS)}, got {self.what!r}.")
        if (self.what == "predictions") != (self.inputs is not None):
            got = "none" if self.inputs is None else f"some for {self.what}"
            raise ValueError(f"Look: inputs must be given for predictions alone, got {got}.")


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
    epochs. Raises `ValueError` for what cannot be seen, and for epochs that the run does not have.
    """
    from core.engine.sights import sights

    wish.check()
    yield from sights(experiment, wish, should_stop)
