"""The losses, for logits and one-hot targets with a column a row of data, (classes, rows).

Classes come first because there are few: XLA turns sums over a short last axis into slow code. Each
loss equals Keras's of the same name, computed from the logits as Keras does on TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.device import tf

Tensor = Any


@tf.custom_gradient  # type: ignore[untyped-decorator]
def cross_entropy(logits: Tensor, targets: Tensor) -> Any:
    """`keras.losses.CategoricalCrossentropy` of the softmax; of each row, (rows,)."""
    shifted = logits - tf.reduce_max(logits, 0, keepdims=True)
    exponentials = tf.exp(shifted)
    total = tf.reduce_sum(exponentials, 0)
    losses = tf.math.log(total) - tf.reduce_sum(targets * shifted, 0)
    error = exponentials / total[None] - targets  # probability − truth

    def gradient(upstream: Tensor) -> tuple[Tensor, None]:
        return error * upstream[None], None

    return losses, gradient


def squared_error(logits: Tensor, targets: Tensor) -> Tensor:
    """`keras.losses.MeanSquaredError` of the softmax; of each row, (rows,)."""
    return tf.reduce_mean(tf.square(tf.nn.softmax(logits, axis=0) - targets), 0)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": cross_entropy,
    "squared_error": squared_error,
}


def twice_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """`cross_entropy` by TensorFlow's own ops, which have second derivatives."""
    return tf.nn.softmax_cross_entropy_with_logits(tf.transpose(targets), tf.transpose(logits))


TWICE = {**LOSSES, "cross_entropy": twice_cross_entropy}  # to be differentiated twice
KERAS_LOSSES = {"cross_entropy": "CategoricalCrossentropy", "squared_error": "MeanSquaredError"}


def hits(logits: Tensor, targets: Tensor) -> Tensor:
    """How many rows have their largest logit, the first of equals, at the true class; a scalar."""
    shifted = logits - tf.reduce_max(logits, 0, keepdims=True)
    hit = tf.zeros_like(targets[0])
    for one in reversed(range(targets.shape[0])):
        hit = tf.where(shifted[one] >= 0, targets[one], hit)
    return tf.reduce_sum(hit)
