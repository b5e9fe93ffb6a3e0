"""The written-out gradient against TensorFlow's own, and the score against plain numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from core.engine.network import ACTIVATIONS, Batch, gradient, predict, score

from core.engine.with_keras import keras, tf

LANES, ROWS, FEATURES, CLASSES = 3, 7, 4, 5


def network(hidden: tuple[int, ...], seed: int) -> list[tuple[tf.Tensor, tf.Tensor]]:
    rng = np.random.default_rng(seed)
    layers = []
    for before, after in pairwise((FEATURES, *hidden, CLASSES)):
        kernel = rng.normal(0, 0.7, (LANES, before, after)).astype(np.float32)
        layers.append(
            (tf.constant(kernel), tf.constant(rng.normal(0, 0.3, (LANES, after)), tf.float32))
        )
    kernel, bias = layers[-1]
    return [*layers[:-1], (tf.transpose(kernel, [0, 2, 1]), bias)]


def data(seed: int) -> Batch:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (LANES, ROWS, FEATURES)).astype(np.float32)
    y = np.eye(CLASSES, dtype=np.float32)[rng.integers(0, CLASSES, (LANES, ROWS))]
    x_columns, y_columns = x.swapaxes(1, 2), y.swapaxes(1, 2)
    return Batch(*map(tf.constant, (x, x_columns, y_columns)), tf.fill([ROWS], 1 / ROWS))


def mean_loss(layers, activation, batch):
    """The batch's mean cross-entropy of each lane, in the words of Keras and TensorFlow."""
    values = batch.x
    for kernel, bias in layers[:-1]:
        values = keras.activations.get(activation)(values @ kernel + bias[:, None, :])
    kernel, bias = layers[-1]
    logits = tf.matmul(values, kernel, transpose_b=True) + bias[:, None, :]
    y = tf.transpose(batch.y, [0, 2, 1])
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, logits), 1)


@pytest.mark.parametrize("hidden", [(), (6,), (6, 3), (2, 9, 4)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_is_that_of_automatic_differentiation(activation, hidden):
    layers, batch = network(hidden, seed=1), data(seed=2)
    flat = tf.nest.flatten(layers)
    with tf.GradientTape() as tape:
        tape.watch(flat)
        losses = mean_loss(layers, activation, batch)
    expected = tape.gradient(losses, flat)
    gradients, result = gradient(layers, activation, batch)
    np.testing.assert_allclose(result.loss / ROWS, losses, 1e-5)
    for ours, theirs in zip(tf.nest.flatten(gradients), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-4, 1e-6)


@pytest.mark.parametrize("hidden", [(), (6, 3)], ids=str)
def test_a_prediction_scores_as_the_gradient_does(hidden):
    layers, batch = network(hidden, seed=3), data(seed=4)
    _, trained = gradient(layers, "tanh", batch)
    predicted = predict(layers, "tanh", batch.x_columns, batch.y)
    np.testing.assert_allclose(predicted.loss, trained.loss, 1e-5)
    np.testing.assert_array_equal(predicted.hits, trained.hits)


def test_a_row_counts_as_hit_by_the_first_of_its_largest_logits():
    # columns are rows of data: class 0 wins, classes 0 and 1 tie, class 1 wins
    logits = tf.constant([[[2.0, 1.0, 0.0], [1.0, 1.0, 5.0]]])
    of_class_0 = tf.constant([[[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]])
    assert score(logits, of_class_0, tf.ones(3)).hits.numpy().tolist() == [2]
    assert score(logits, 1 - of_class_0, tf.ones(3)).hits.numpy().tolist() == [1]


def test_the_loss_of_large_logits_stays_finite():
    # the true class is 1000 behind: −log softmax = 1000 + log(1 + e⁻¹⁰⁰⁰) = 1000
    result = score(tf.constant([[[1000.0], [0.0]]]), tf.constant([[[0.0], [1.0]]]), tf.ones(1))
    assert result.loss.numpy().tolist() == [1000.0]
    assert result.error.numpy().ravel().tolist() == [1.0, -1.0]


def test_rows_without_a_share_count_for_nothing():
    layers, batch = network((6,), seed=5), data(seed=6)
    first = Batch(batch.x[:, :3], batch.x_columns[:, :, :3], batch.y[:, :, :3], tf.fill([3], 1 / 3))
    padded = batch._replace(shares=tf.constant([1 / 3] * 3 + [0.0] * (ROWS - 3)))
    gradients, scored = gradient(layers, "relu", padded)
    expected, alone = gradient(layers, "relu", first)
    for ours, theirs in zip(tf.nest.flatten(gradients), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-5, 1e-7)
    np.testing.assert_allclose(scored.loss, alone.loss, 1e-6)
    np.testing.assert_array_equal(scored.hits, alone.hits)
