"""Probes of a snapshot against dense linear algebra on a plain Keras model."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.compiled import Walk
from core.engine.keras_models import keras_model
from core.engine.losses import KERAS_LOSSES
from core.engine.probes import (
    TOLERANCE,
    gradient_norm,
    largest_eigenvalue,
    preconditioned_sharpness,
    sharpness,
)
from core.engine.snapshot import Snapshot
from core.engine.with_keras import keras, tf
from core.experiment import Experiment
from tests.engine.problems import ALL_THREE, CONV, SMALL, optimizer

TUTORIAL = Experiment(epochs=20)
SGD = SMALL.replace({"optimizer": optimizer("sgd")})
CASES = {
    "the tutorial's 303 weights": TUTORIAL,
    "tanh, squared error, l2": SGD.replace(
        {"model.activation": "tanh", "loss": "squared_error", "model.l2": 0.05}
    ),
    "all three": SGD.replace(ALL_THREE),
    "conv": SGD.replace(CONV | {"model.filters": [2]}),
}
SHARE = 3 * TOLERANCE  # single precision in the products comes on top


def after(experiment: Experiment, epochs: int) -> Snapshot:
    walk = Walk(experiment)
    while walk.epoch < epochs:
        assert walk.go_to(epochs)
    return walk.snapshot()


class Dense:
    """The training loss of a plain Keras model without dropout, and all its derivatives."""

    def __init__(self, experiment: Experiment, snapshot: Snapshot) -> None:
        without = experiment.replace({"model.dropout": 0.0})
        self.model = keras_model(without)
        self.model.set_weights(snapshot.weights)
        self.measure = getattr(keras.losses, KERAS_LOSSES[experiment.loss])()
        split = experiment.data.load()
        self.x = tf.constant(split.x_train)
        self.targets = tf.constant(np.eye(split.classes, dtype=np.float32)[split.y_train])

    def loss(self) -> tf.Tensor:
        """With batch normalisation as in training."""
        predicted = self.model(self.x, training=True)
        return self.measure(self.targets, predicted) + sum(self.model.losses)

    def gradient(self) -> np.ndarray:
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.loss()
        return np.concatenate([part.numpy().ravel() for part in tape.gradient(loss, variables)])

    def hessian(self) -> np.ndarray:
        """(weights, weights), weights in Keras's order."""
        variables = self.model.trainable_variables

        @tf.function
        def blocks():
            with tf.GradientTape() as outer:
                with tf.GradientTape() as inner:
                    loss = self.loss()
                gradients = inner.gradient(loss, [one.value for one in variables])
                flat = tf.concat([tf.reshape(one, [-1]) for one in gradients], 0)
            return outer.jacobian(flat, [one.value for one in variables])

        rows = [block.numpy().reshape(len(block), -1) for block in blocks()]
        return np.concatenate(rows, axis=1).astype(np.float64)


@pytest.mark.parametrize("epochs", [0, 5])
@pytest.mark.parametrize("case", CASES)
def test_the_gradients_norm_is_that_of_a_keras_models_gradient(case, epochs):
    one = CASES[case]
    snapshot = after(one, epochs)
    expected = float(np.linalg.norm(Dense(one, snapshot).gradient()))
    assert gradient_norm(one, snapshot) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_sharpness_is_the_largest_eigenvalue_of_the_dense_hessian(case):
    one = CASES[case]
    snapshot = after(one, 5)
    hessian = Dense(one, snapshot).hessian()
    assert len(hessian) == one.parameters
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-3 * np.abs(hessian).max())
    expected = np.linalg.eigvalsh(hessian)[-1]
    assert sharpness(one, snapshot) == pytest.approx(expected, rel=SHARE)


@pytest.mark.parametrize("epochs", [1, 9])
@pytest.mark.parametrize("kind", ["adam", "adamw"])
def test_preconditioned_sharpness_is_that_of_the_dense_hessian_scaled_by_adams_memory(kind, epochs):
    one = SGD.replace({"optimizer": optimizer(kind)})
    snapshot = after(one, epochs)
    updates = epochs * one.updates_per_epoch
    v = [snapshot.arrays[f"memory.{n}.v"].ravel() for n in range(4)]
    v_hat = np.concatenate(v).astype(np.float64) / (1 - 0.999**updates)
    scale = ((1 - 0.9**updates) * (np.sqrt(v_hat) + 1e-7)) ** -0.5
    scaled = scale[:, None] * Dense(one, snapshot).hessian() * scale
    expected = np.linalg.eigvalsh((scaled + scaled.T) / 2)[-1]
    assert preconditioned_sharpness(one, snapshot) == pytest.approx(expected, rel=SHARE)


def test_preconditioned_sharpness_takes_the_numbers_that_hold_by_then():
    adam = SGD.replace({"optimizer": optimizer("adam")})
    changed = adam.replace({"changes": [{"epoch": 5, "optimizer.beta_2": 0.9}]})
    snapshot = after(adam, 4)
    before = preconditioned_sharpness(adam, snapshot)
    assert preconditioned_sharpness(changed, snapshot) == before
    later = Snapshot(5, snapshot.arrays)
    assert preconditioned_sharpness(changed, later) != preconditioned_sharpness(adam, later)


@pytest.mark.parametrize(
    ("kind", "epochs"), [("adam", 0), ("sgd", 3), ("nadam", 3)], ids=["begin", "sgd", "nadam"]
)
def test_where_there_is_no_memory_of_adams_there_is_no_preconditioned_sharpness(kind, epochs):
    one = SGD.replace({"optimizer": optimizer(kind)})
    assert np.isnan(preconditioned_sharpness(one, after(one, epochs)))


@pytest.mark.parametrize("probe", [gradient_norm, sharpness])
def test_of_weights_that_are_no_numbers_any_more_a_probe_is_none_either(probe):
    snapshot = after(SGD, 0)
    broken = snapshot.arrays | {"weight.0": np.full((2, 8), np.nan, np.float32)}
    assert np.isnan(probe(SGD, Snapshot(0, broken)))


SPECTRA = {
    "one": [3.0],
    "degenerate": [2.0] * 40,
    "degenerate at the top": [5.0] * 20 + [1.0] * 20,
    "close at the top": [5.0, 4.999, 4.99, *np.linspace(-1, 4, 60)],
    "negative": [-1.0, -2.0, *np.linspace(-50, -3, 60)],
    "larger below than above": [1.0, *np.linspace(-1000, 0.5, 60)],
    "wide": [1e6, *np.geomspace(1e-6, 1e5, 80)],
    "alone": [100.0, *np.zeros(300)],
    "long": [*np.linspace(-1, 10, 400)],
    "nothing": [0.0] * 10,
}


@pytest.mark.parametrize("name", SPECTRA)
def test_the_largest_eigenvalue_of_a_known_matrix_is_found(name):
    spectrum = np.array(SPECTRA[name])
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(len(spectrum), len(spectrum))))
    matrix = turn * spectrum @ turn.T
    found = largest_eigenvalue(lambda vector: matrix @ vector, len(spectrum))
    assert found == pytest.approx(max(spectrum), rel=TOLERANCE, abs=1e-9)


def test_an_eigenvalue_that_is_not_found_in_time_is_none():
    """The upper ends of ten thousand lie 2e-8 of the whole width apart."""
    spectrum = -np.geomspace(1e-9, 1e3, 10_000)
    assert np.isnan(largest_eigenvalue(lambda vector: spectrum * vector, len(spectrum)))


def test_an_eigenvalue_of_what_is_infinite_is_none():
    assert np.isnan(largest_eigenvalue(lambda vector: vector * np.inf, 5))
