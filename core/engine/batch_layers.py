"""Layers of a traced model that take from the batch what Keras's own have as constants.

That is dropout's rate, which is a number of the run; and, where a smaller last batch is filled up,
which rows count: batch normalisation takes its moments over these.
"""

from __future__ import annotations

import math
from typing import Any

from core.engine.dropout import ThreefryDropout
from core.engine.with_keras import keras, tf

Tensor = Any


class Batch:
    """What such layers read while they are traced; Keras leaves it as it is."""

    def __init__(self, size: int) -> None:
        self.size = size  # rows of all batches but the last
        self.dropout: Tensor = None
        self.present: Tensor = None  # 1 for rows that count, 0 for others, (rows,); None for all


class BatchDropout(ThreefryDropout):
    """Dropout at the batch's rate."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(0.5, size=batch.size, seed=0)
        self._batch = batch

    @property
    def share(self) -> Tensor:
        return self._batch.dropout


class MaskedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation over the rows that the batch has."""

    def __init__(self, batch: Batch, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._batch = batch

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        present = self._batch.present if training else None
        if present is None:
            return super().call(inputs, training=training)
        outputs, mean, variance = normalize(inputs, self.gamma, self.beta, present, self.epsilon)
        for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + value * (1 - self.momentum))
        return outputs


def normalize(
    inputs: Tensor, gamma: Tensor, beta: Tensor, present: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs (rows, …, channels) normalised by the mean and variance of the rows that are present.

    The gradient is written out, since what a tape makes of moments over a mask takes XLA three
    times as long to compile: Ioffe and Szegedy, "Batch normalization", ICML 2015, section 3.
    """
    over = list(range(len(inputs.shape) - 1))
    counts = tf.reshape(present, [-1, *([1] * (len(inputs.shape) - 1))])
    total = tf.reduce_sum(present) * math.prod(inputs.shape[1:-1])

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def normal(x: Tensor, gamma: Tensor, beta: Tensor) -> Any:
        mean = tf.reduce_sum(x * counts, over) / total
        centred = x - mean
        variance = tf.reduce_sum(tf.square(centred) * counts, over) / total
        inverse = tf.math.rsqrt(variance + epsilon)
        scaled = centred * inverse

        def gradient(above: Tensor, _mean: Tensor, _variance: Tensor) -> Any:
            to_beta, to_gamma = tf.reduce_sum(above, over), tf.reduce_sum(above * scaled, over)
            shared = (to_beta + scaled * to_gamma) / total * counts
            return gamma * inverse * (above - shared), to_gamma, to_beta

        return (scaled * gamma + beta, mean, variance), gradient

    found: tuple[Tensor, Tensor, Tensor] = normal(inputs, gamma, beta)
    return found
