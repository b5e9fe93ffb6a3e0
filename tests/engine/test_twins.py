"""Layers of our own against the layers of Keras that they stand for."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.engine.batch_layers import Batch, BatchDropout, MaskedBatchNormalization
from core.engine.dropout import ThreefryDropout
from core.engine.grouping import program_key
from core.engine.traced_model import TWINS, Parts, TracedModel
from core.engine.with_keras import keras, tf
from core.experiment.network import ACTIVATIONS
from core.experiment.randomness import initial_weights
from tests.engine.problems import ALL_THREE, SMALL

RNG = np.random.default_rng(7)
ROWS = RNG.normal(0, 2, (9, 5)).astype(np.float32)
IMAGES = RNG.normal(0, 2, (5, 8, 8, 2)).astype(np.float32)
ARGUMENTS = {
    "Dense": [{"units": 6, "activation": name} for name in (None, *ACTIVATIONS)],
    "Conv2D": [
        {"filters": 3, "kernel_size": size, "padding": "same", "activation": name}
        for size, name in product((3,), (None, *ACTIVATIONS))
    ],
    "MaxPooling2D": [{"pool_size": size} for size in (2, 4)],
}
CASES = [(kind, arguments) for kind in TWINS for arguments in ARGUMENTS[kind]]


def forward_and_back(layer, weights, x):
    """A layer's outputs, and gradients by its weights and by its inputs, compiled by XLA."""
    if not layer.built:
        layer.build(x.shape)
    inputs = [*map(tf.constant, weights), tf.constant(x)]
    upstream = tf.constant(
        np.random.default_rng(8).normal(size=layer.compute_output_shape(x.shape))
    )

    @tf.function(jit_compile=True)
    def run(*inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, _ = layer.stateless_call(list(inputs[:-1]), [], inputs[-1])
            total = tf.reduce_sum(outputs * tf.cast(upstream, tf.float32))
        return [outputs, *tape.gradient(total, inputs)]

    return run(*inputs)


@pytest.mark.parametrize(("kind", "arguments"), CASES, ids=str)
def test_a_twin_is_its_layer_forwards_and_back(kind, arguments):
    x = ROWS if kind == "Dense" else IMAGES
    theirs = getattr(keras.layers, kind)(**arguments)
    theirs.build(x.shape)
    weights = [RNG.normal(0, 0.5, one.shape).astype(np.float32) for one in theirs.weights]
    expected = forward_and_back(theirs, weights, x)
    found = forward_and_back(TWINS[kind](**arguments), weights, x)
    for one, other in zip(found, expected, strict=True):
        largest = float(np.abs(other).max())  # sums round by a share of what they are made of
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6 * largest)


def test_every_twin_is_tried():
    assert set(ARGUMENTS) == set(TWINS)


def masks(layer, rate, calls=3):
    """What is left of ones by a layer that drops some, in so many calls one after the other."""
    ones, run = tf.ones((40, 10)), Batch(40)
    layer = layer(run)
    layer.build(ones.shape)

    @tf.function(jit_compile=True)
    def drop(state, rate):
        run.dropout = rate
        outputs, (state,) = layer.stateless_call([], [state], ones, training=True)
        return outputs, state

    state, found = tf.constant([1234567, 0], tf.int64), []
    for _ in range(calls):
        outputs, state = drop(state, tf.constant(rate))
        found.append(outputs.numpy())
    return np.array(found)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_of_a_batch_draws_the_masks_of_plain_fit_from_the_same_seed(rate):
    ours, theirs = (
        masks(layer, rate) for layer in (BatchDropout, lambda run: ThreefryDropout(rate, size=40))
    )
    np.testing.assert_array_equal(ours == 0, theirs == 0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert 0.8 * rate < (ours == 0).mean() < 1.2 * rate + 0.02
    assert not np.array_equal(ours[0], ours[1])


def test_dropout_by_threefry_is_that_of_keras_but_for_its_random_numbers():
    """The same share is dropped, the rest is as large, and no place has to do with another.

    Shares of 12,000 draws of 0.3 are within four standard errors, correlations of neighbours too.
    """
    ours, theirs = (
        masks(layer, 0.3, calls=30)
        for layer in (lambda run: ThreefryDropout(0.3, size=40), keras_dropout)
    )
    np.testing.assert_array_equal(np.unique(ours), np.unique(theirs))
    for found in (ours == 0, theirs == 0):
        assert abs(found.mean() - 0.3) < 4 * (0.3 * 0.7 / found.size) ** 0.5
        for one, other in ((found[1:], found[:-1]), (found[:, 1:], found[:, :-1])):
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4 / one.size**0.5


def trained_call(layer, inputs, weights, others):
    """Outputs while training, and what is carried on, compiled by XLA."""
    layer.build(inputs.shape)
    call = tf.function(layer.stateless_call, jit_compile=True)
    return call(weights, others, tf.constant(inputs), training=True)


@pytest.mark.parametrize("rows", [3, 5])
def test_what_fills_up_a_batch_is_seen_neither_by_dropout_nor_by_batch_normalisation(rows):
    full = np.concatenate([IMAGES[:rows], np.zeros_like(IMAGES[rows:])])
    batch = Batch(len(IMAGES))
    batch.dropout, batch.present = 0.3, tf.constant([1.0] * rows + [0.0] * (5 - rows))
    seed, moments = [tf.constant([5, 0], tf.int64)], [np.float32([0, 1]), np.float32([1, 2])]
    scale = [np.float32([2, 3]), np.float32([0.5, -0.5])]
    for ours, theirs, weights, others in (
        (BatchDropout(batch), ThreefryDropout(0.3, size=len(IMAGES)), [], seed),
        (MaskedBatchNormalization(batch), keras.layers.BatchNormalization(), scale, moments),
    ):
        found, after = trained_call(ours, full, weights, others)
        expected, expected_after = trained_call(theirs, IMAGES[:rows], weights, others)
        np.testing.assert_allclose(found[:rows], expected, rtol=1e-6, atol=1e-6)
        for one, other in zip(after, expected_after, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)


def keras_dropout(run):
    return keras.layers.Dropout(0.3)


def test_dropout_of_a_batch_lets_all_through_where_it_does_not_train():
    layer = BatchDropout(Batch(len(ROWS)))
    np.testing.assert_array_equal(layer(ROWS, training=False), ROWS)


MODELS = [
    *({"model.hidden": [6, 4], "model.activation": name} for name in ACTIVATIONS),
    {"model.hidden": []},
    {"model.dropout": 0.3},
    ALL_THREE,
]


@pytest.mark.parametrize("changes", MODELS, ids=str)
def test_logits_of_data_in_columns_are_those_of_the_same_data_in_rows(changes):
    """The way of validation against the way of training, with all that training alone has off."""
    one = SMALL.replace(changes)
    model = TracedModel(program_key(one))
    weights, others = Parts(one).split(initial_weights(one))
    weights = [tf.constant(weight) for weight in weights]
    x = tf.constant(one.data.load().x_test)
    by_rows, _ = model.logits(weights, list(others), x, None)
    by_columns = model.validated(weights, list(others), tf.transpose(x))
    np.testing.assert_allclose(by_columns, by_rows, rtol=1e-5, atol=1e-6)


def test_weights_that_are_split_and_joined_are_what_they_were():
    one = SMALL.replace(ALL_THREE)
    weights = initial_weights(one)
    joined = Parts(one).join(*Parts(one).split(weights))
    for before, after in zip(weights, joined, strict=True):
        np.testing.assert_array_equal(before, after)
