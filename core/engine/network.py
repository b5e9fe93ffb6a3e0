"""A dense network and its gradient, written out for many runs at once.

The first axis of every array is the lane: one run. The last layer works with one column a row of
data (logits are (lanes, classes, rows), its kernel is (lanes, classes, units)), because XLA turns
small products with a wide last axis into vector code that is several times as fast as the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from core.engine.device import tf

Tensor = Any
Layer = tuple[Tensor, Tensor]  # kernel, bias
Layers = list[Layer]


class Batch(NamedTuple):
    """Rows of data, for every lane its own."""

    x: Tensor  # (lanes, rows, features)
    x_columns: Tensor  # (lanes, features, rows): a product is faster if it need not turn x round
    y: Tensor  # one-hot, (lanes, classes, rows)
    shares: Tensor  # of the rows in the batch's mean, 0 for rows that are not in it; (rows,)


class Score(NamedTuple):
    """How the rows of a batch are predicted."""

    loss: Tensor  # cross-entropy summed over the rows, (lanes,)
    hits: Tensor  # rows predicted correctly, (lanes,)
    error: Tensor  # probability − truth, (lanes, classes, rows)


class Activation(NamedTuple):
    """A hidden layer's function of its sums z, and its slope from z and its own value."""

    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor, Tensor], Tensor]


def gelu(z: Tensor) -> Tensor:
    """z · Φ(z), not approximated, as `keras.activations.gelu` (Hendrycks and Gimpel, 2016)."""
    return z * normal_cdf(z)


def gelu_slope(z: Tensor, value: Tensor) -> Tensor:
    return normal_cdf(z) + z * tf.exp(-0.5 * z * z) / np.float32(np.sqrt(2 * np.pi))


def normal_cdf(z: Tensor) -> Tensor:
    return 0.5 * (1.0 + tf.math.erf(z / np.float32(np.sqrt(2.0))))


ACTIVATIONS = {
    "relu": Activation(tf.nn.relu, lambda z, value: tf.cast(z > 0, tf.float32)),
    "tanh": Activation(tf.tanh, lambda z, value: 1.0 - value * value),
    "sigmoid": Activation(tf.sigmoid, lambda z, value: value * (1.0 - value)),
    "gelu": Activation(gelu, gelu_slope),
}


def gradient(layers: Layers, activation: str, batch: Batch) -> tuple[Layers, Score]:
    """The gradient of the batch's mean cross-entropy, a (kernel, bias) pair a layer, and the score.

    >>> one = tf.ones([1, 1, 1])
    >>> layers = [(tf.zeros([1, 2, 1]), tf.zeros([1, 2]))]  # no hidden layer: two even classes
    >>> batch = Batch(one, one, tf.constant([[[1.0], [0.0]]]), tf.ones([1]))
    >>> gradient(layers, "relu", batch)[0][0][0].numpy().tolist()
    [[[-0.5], [0.5]]]
    """
    function = ACTIVATIONS[activation]
    sums, values = hidden_layers(layers, function, batch)
    counted = tf.cast(batch.shares > 0, tf.float32)
    result = score(logits(layers, values, batch), batch.y, counted)
    error = result.error * batch.shares
    gradients = [(error @ values[-1], tf.reduce_sum(error, 2))]
    back = turned(error) @ layers[-1][0]  # (lanes, rows, units)
    for depth in reversed(range(len(sums))):
        error = back * function.slope(sums[depth], values[depth + 1])
        columns = turned(values[depth]) if depth else batch.x_columns
        gradients.insert(0, (columns @ error, tf.reduce_sum(error, 1)))
        if depth:
            back = error @ turned(layers[depth][0])
    return gradients, result


def predict(layers: Layers, activation: str, x_columns: Tensor, y: Tensor) -> Score:
    """The score without a gradient, for validation; all in columns, (lanes, units, rows)."""
    values = x_columns
    for kernel, bias in layers[:-1]:
        sums = turned(kernel) @ values + bias[:, :, None]
        values = ACTIVATIONS[activation].value(sums)
    kernel, bias = layers[-1]
    return score(kernel @ values + bias[:, :, None], y, counted=tf.ones(y.shape[2]))


def hidden_layers(
    layers: Layers, function: Activation, batch: Batch
) -> tuple[list[Tensor], list[Tensor]]:
    """Each hidden layer's sums, and the values that go into each layer, (lanes, rows, units)."""
    sums, values = [], [batch.x]
    for kernel, bias in layers[:-1]:
        sums.append(values[-1] @ kernel + bias[:, None, :])
        values.append(function.value(sums[-1]))
    return sums, values


def logits(layers: Layers, values: list[Tensor], batch: Batch) -> Tensor:
    kernel, bias = layers[-1]
    if len(values) == 1:
        return kernel @ batch.x_columns + bias[:, :, None]
    return kernel @ turned(values[-1]) + bias[:, :, None]


def score(logits: Tensor, y: Tensor, counted: Tensor) -> Score:
    """Softmax cross-entropy from the logits, as Keras computes it on TensorFlow.

    `counted` is 1 for the rows whose loss and hits are summed, otherwise 0; (rows,).
    """
    shifted = logits - tf.reduce_max(logits, 1, keepdims=True)
    exponentials = tf.exp(shifted)
    total = tf.reduce_sum(exponentials, 1)
    losses = tf.math.log(total) - tf.reduce_sum(y * shifted, 1)
    error = exponentials / total[:, None, :] - y
    hit = hits(shifted, y)
    return Score(tf.reduce_sum(losses * counted, 1), tf.reduce_sum(hit * counted, 1), error)


def hits(shifted: Tensor, y: Tensor) -> Tensor:
    """1 where the largest logit, the first of equals, is the true class; (lanes, rows)."""
    hit = tf.zeros_like(y[:, 0])
    for one in reversed(range(y.shape[1])):
        hit = tf.where(shifted[:, one] >= 0, y[:, one], hit)
    return hit


def turned(array: Tensor) -> Tensor:
    """The last two axes swapped."""
    axes = list(range(len(array.shape)))
    return tf.transpose(array, [*axes[:-2], axes[-1], axes[-2]])
