"""Looking into a run: what is wished to be seen, after which epochs, and what is seen there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.experiment import Experiment


@dataclass(frozen=True)
class Look:
    """What is wished: `what` after each of `epochs`, 0 before the first update.

    `inputs`, (rows, features), are what predictions are wished for.
    """

    what: str
    epochs: Sequence[int]
    inputs: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Sight:
    """What was seen after an epoch, by name."""

    epoch: int
    arrays: dict[str, npt.NDArray[Any]]


def look(experiment: Experiment, wish: Look, should_stop: Callable[[], bool]) -> Iterator[Sight]:
    """Train the experiment and see."""
    raise NotImplementedError("Looking: the engine must be able to, got none that is.")
