"""Layers of a traced model that take from the batch what Keras's own have as constants.

That is dropout's rate, which is a number of the run; and, where a smaller last batch is filled up,
which rows count. Dropout then draws for so many rows as there are, since its numbers depend on the
shape they are drawn in; batch normalisation masks the others, by Keras's own `mask`.
"""

from __future__ import annotations

from typing import Any

from core.engine.dropout import ThreefryDropout, drop
from core.engine.with_keras import keras, tf

Tensor = Any


class Batch:
    """What such layers read while they are traced; Keras leaves it as it is."""

    def __init__(self, padding: int = 0) -> None:
        self.padding = padding  # rows that fill up the last batch
        self.dropout: Tensor = None
        self.present: Tensor = None  # 1 for rows that count, 0 for others, (rows,); None for all


class BatchDropout(ThreefryDropout):
    """Dropout at the batch's rate, of the rows that it has."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(0.5, seed=0)
        self._batch = batch

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training:
            return inputs
        rate, present, seed = self._batch.dropout, self._batch.present, self.next_seed()
        whole = drop(inputs, rate, seed)
        if present is None:
            return whole
        rows = inputs.shape[0] - self._batch.padding
        last = tf.concat([drop(inputs[:rows], rate, seed), inputs[rows:]], 0)
        return tf.where(present[-1] > 0, whole, last)


class MaskedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation over the rows that the batch has."""

    def __init__(self, batch: Batch, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._batch = batch

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        mask = self._batch.present if training else None
        if mask is not None:
            ones = [1] * (len(inputs.shape) - 2)
            mask = tf.broadcast_to(tf.reshape(mask > 0, [-1, *ones]), inputs.shape[:-1])
        return super().call(inputs, training=training, mask=mask)
