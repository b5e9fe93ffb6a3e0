"""The losses against Keras's own, and what counts as a hit."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.losses import KERAS_LOSSES, LOSSES, TWICE, cross_entropy, hits
from core.engine.with_keras import keras, tf
from core.experiment.experiment import LOSSES as NAMES

CLASSES, ROWS = 5, 40
SPREADS = (0.1, 3.0, 30.0)  # of logits: all classes likely, and all but one out of the question


def problem(spread: float) -> tuple[tf.Tensor, tf.Tensor]:
    """Logits and one-hot targets, (classes, rows)."""
    rng = np.random.default_rng(11)
    targets = np.eye(CLASSES, dtype=np.float32)[rng.integers(0, CLASSES, ROWS)].T
    return tf.constant(rng.normal(0, spread, (CLASSES, ROWS)), tf.float32), tf.constant(targets)


def with_gradient(loss, logits):
    """The loss of each row, and the gradient of their sum; traced, as in a program."""

    @tf.function
    def run(logits):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            losses = loss(logits)
        return losses, tape.gradient(losses, logits)

    return run(logits)


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("table", [LOSSES, TWICE], ids=["once", "twice"])
@pytest.mark.parametrize("name", NAMES)
def test_every_loss_and_its_gradient_are_those_of_keras_on_the_softmax(name, table, spread):
    logits, targets = problem(spread)
    theirs = getattr(keras.losses, KERAS_LOSSES[name])(reduction=None)
    expected = with_gradient(lambda z: theirs(tf.transpose(targets), softmax_of(z)), logits)
    found = with_gradient(lambda z: table[name](z, targets), logits)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def softmax_of(logits):
    return tf.nn.softmax(tf.transpose(logits))


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_to_be_differentiated_twice_has_the_second_derivatives_of_its_formula(name):
    """By differences in double precision, of one row."""
    logits, targets = (tensor[:, :1] for tensor in problem(1.0))
    with tf.GradientTape() as outer:
        outer.watch(logits)
        with tf.GradientTape() as inner:
            inner.watch(logits)
            loss = TWICE[name](logits, targets)
        gradient = inner.gradient(loss, logits)
    hessian = outer.jacobian(gradient, logits)[:, 0, :, 0].numpy()
    np.testing.assert_allclose(hessian, by_differences(name, logits, targets), atol=1e-5)


def by_differences(name, logits, targets, step=1e-3):
    z, y = (tensor.numpy()[:, 0].astype(np.float64) for tensor in (logits, targets))

    def loss(z):
        p = np.exp(z) / np.exp(z).sum()
        return -(y * np.log(p)).sum() if name == "cross_entropy" else ((p - y) ** 2).mean()

    def along(i, j):
        a, b = step * np.eye(CLASSES)[[i, j]]
        return loss(z + a + b) - loss(z + a - b) - loss(z - a + b) + loss(z - a - b)

    places = range(CLASSES)
    return np.array([[along(i, j) / (4 * step**2) for j in places] for i in places])


def test_the_loss_of_large_logits_stays_finite():
    # the true class is 1000 behind: −log softmax = 1000 + log(1 + e⁻¹⁰⁰⁰) = 1000
    logits, targets = tf.constant([[1000.0], [0.0]]), tf.constant([[0.0], [1.0]])
    losses, gradient = with_gradient(lambda z: cross_entropy(z, targets), logits)
    assert losses.numpy().tolist() == [1000.0]
    assert gradient.numpy().ravel().tolist() == [1.0, -1.0]


def test_a_row_counts_as_hit_by_the_first_of_its_largest_logits():
    # columns are rows of data: class 0 wins, classes 0 and 1 tie, class 1 wins
    logits = tf.constant([[2.0, 1.0, 0.0], [1.0, 1.0, 5.0]])
    of_class_0 = tf.constant([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    assert float(hits(logits, of_class_0)) == 2
    assert float(hits(logits, 1 - of_class_0)) == 1


def test_hits_are_those_of_keras():
    logits, targets = problem(1.0)
    metric = keras.metrics.CategoricalAccuracy()
    metric.update_state(tf.transpose(targets), softmax_of(logits))
    assert float(hits(logits, targets)) / ROWS == pytest.approx(float(metric.result()))
