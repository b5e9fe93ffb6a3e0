"""What can be seen of a run: it is trained again, up to each epoch that is wished for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine.compiled import Walk
from core.engine.evaluation import evaluation_of
from core.engine.looking import Look, Sight
from core.engine.measures import MEASURES
from core.experiment import Experiment

Arrays = dict[str, npt.NDArray[Any]]


def sights(experiment: Experiment, wish: Look, should_stop: Callable[[], bool]) -> Iterator[Sight]:
    """See `core.engine.looking.look`."""
    epochs = sorted(set(wish.epochs))
    walk = Walk(experiment, per_update=wish.what == "update_losses")
    for epoch in epochs:
        while walk.epoch < epoch:
            if should_stop() or not walk.go_to(epoch):
                return
        yield Sight(epoch, arrays_at(experiment, wish, walk))


def arrays_at(experiment: Experiment, wish: Look, walk: Walk) -> Arrays:
    if wish.what == "update_losses":
        return {"losses": walk.losses}
    snapshot = walk.snapshot()
    if wish.what == "snapshot":
        return snapshot.arrays
    if wish.what == "weights":
        return {f"weight.{n}": weight for n, weight in enumerate(snapshot.weights)}
    if wish.inputs is not None:
        inputs = np.asarray(wish.inputs, np.float32)
        predicted = evaluation_of(experiment).predictions(experiment, snapshot.weights, inputs)
        return {"probabilities": predicted}
    return {wish.what: np.array(MEASURES[wish.what](experiment, snapshot))}
