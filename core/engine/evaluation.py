"""A network looked at as it stands: figures and predictions, without training.

By the same traced model as the program, but not compiled: it is called once a run, and compiling
would take longer than all its calls.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine import feed
from core.engine.device import tf
from core.engine.grouping import ProgramKey, network_key
from core.engine.losses import LOSSES, hits
from core.engine.tensors import DataTensors
from core.engine.traced import Traced
from core.engine.traced_model import Parts, TracedModel
from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.network import Network
from core.experiment.randomness import initial_weights

Tensor = Any
Weights = list[npt.NDArray[np.float32]]  # all of a model, in the order of Keras's `get_weights`
FIRST_KEPT = 256  # figures before the first update; four numbers each


class Evaluation:
    """The networks of one program."""

    def __init__(self, key: ProgramKey) -> None:
        self._model, self._loss = TracedModel(key), LOSSES[key.loss]
        self._figures = Traced(self.traced_figures)
        self._logits = Traced(self.traced_logits)

    def figures(self, experiment: Experiment, weights: Weights) -> npt.NDArray[np.float64]:
        """Loss, accuracy, val_loss and val_accuracy of these weights, dropout off; (4,)."""
        learned, others = Parts(experiment).split(weights)
        rows = feed.rows((experiment.data,))
        l2 = np.float32(experiment.model.l2)
        measured: npt.NDArray[np.float64] = self._figures(learned, others, rows, l2).numpy()
        return measured.astype(np.float64)

    def predictions(
        self, experiment: Experiment, weights: Weights, inputs: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The probability of each class, (rows, classes), of inputs (rows, features)."""
        learned, others = Parts(experiment).split(weights)
        logits = self._logits(learned, others, inputs)
        probabilities: npt.NDArray[np.float32] = tf.nn.softmax(tf.transpose(logits)).numpy()
        return probabilities

    def traced_figures(self, weights: Any, others: Any, rows: DataTensors, l2: Tensor) -> Tensor:
        penalty = self._model.penalty(weights, {"l2": l2})
        figures = []
        for x, targets in (
            (rows.x_train, tf.transpose(rows.y_train)),
            (tf.transpose(rows.x_test), rows.y_test),
        ):
            logits = self.traced_logits(weights, others, x)
            figures.append(tf.reduce_mean(self._loss(logits, targets)) + penalty)
            figures.append(hits(logits, targets) / targets.shape[1])
        return tf.stack(figures)

    def traced_logits(self, weights: Any, others: Any, x: Tensor) -> Tensor:
        return self._model.logits(weights, others, x, None)[0]


@cache
def evaluation(key: ProgramKey) -> Evaluation:
    return Evaluation(key)


def evaluation_of(experiment: Experiment) -> Evaluation:
    """That of the experiment's network, whatever trains it."""
    return evaluation(network_key(experiment))


def first_figures(experiment: Experiment) -> npt.NDArray[np.float64]:
    """The figures before the first update; remembered: runs that are compared share them."""
    return kept_first_figures(experiment.data, experiment.model, experiment.loss, experiment.seed)


@lru_cache(maxsize=FIRST_KEPT)
def kept_first_figures(data: Data, model: Network, loss: str, seed: int) -> npt.NDArray[np.float64]:
    experiment = Experiment(
        data=data, model=model, loss=loss, seed=seed, epochs=1, batch_size=data.train_rows
    )
    return evaluation_of(experiment).figures(experiment, initial_weights(experiment))
