"""The draws of training: reproducible, independent of how they are asked for, rightly spread."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment.network import ACTIVATIONS
from core.experiment.randomness import batch_order, initial_weights

SEEDS = st.integers(0, 2**31 - 1)
SIZES = st.lists(st.integers(1, 64), min_size=2, max_size=6).map(tuple)


@given(SIZES, st.sampled_from(ACTIVATIONS), SEEDS)
def test_the_same_seed_gives_the_same_weights(sizes, activation, seed):
    one, again = (initial_weights(sizes, activation, seed) for _ in range(2))
    for (kernel, bias), (kernel_again, bias_again) in zip(one, again, strict=True):
        np.testing.assert_array_equal(kernel, kernel_again)
        np.testing.assert_array_equal(bias, bias_again)


@given(SIZES, st.sampled_from(ACTIVATIONS), SEEDS)
def test_weights_have_the_shapes_of_dense_layers_and_biases_start_at_zero(sizes, activation, seed):
    weights = initial_weights(sizes, activation, seed)
    assert [kernel.shape for kernel, _ in weights] == list(pairwise(sizes))
    assert [bias.shape for _, bias in weights] == [(units,) for units in sizes[1:]]
    assert {array.dtype for pair in weights for array in pair} == {np.dtype(np.float32)}
    assert not any(bias.any() for _, bias in weights)


@given(SIZES, st.sampled_from(ACTIVATIONS), SEEDS)
def test_kernels_lie_within_he_before_a_relu_and_within_glorot_elsewhere(sizes, activation, seed):
    weights = initial_weights(sizes, activation, seed)
    for layer, (kernel, _) in enumerate(weights):
        fan_in, fan_out = kernel.shape
        before_relu = activation == "relu" and layer < len(weights) - 1
        limit = np.sqrt(6 / fan_in) if before_relu else np.sqrt(6 / (fan_in + fan_out))
        assert np.abs(kernel).max() <= np.float32(limit)


@pytest.mark.parametrize(
    ("activation", "limits"),
    [
        # he_uniform √(6 / 200), then glorot_uniform √(6 / (200 + 200))
        ("relu", (0.173205, 0.122474)),
        # glorot_uniform twice
        ("tanh", (0.122474, 0.122474)),
    ],
)
def test_kernels_fill_their_bounds_evenly(activation, limits):
    """A uniform draw within ±limit has mean 0 and standard deviation limit / √3."""
    weights = initial_weights((200, 200, 200), activation, seed=1)
    for (kernel, _), limit in zip(weights, limits, strict=True):
        assert np.abs(kernel).max() == pytest.approx(limit, rel=1e-3)
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.01)
        assert abs(kernel.mean()) < limit / 100


def test_layers_and_seeds_differ():
    one, other = initial_weights((50, 50, 50), "tanh", 0), initial_weights((50, 50, 50), "tanh", 1)
    assert not np.array_equal(one[0][0], one[1][0])
    assert not np.array_equal(one[0][0], other[0][0])


@given(st.integers(1, 300), st.integers(0, 50), st.integers(1, 6), SEEDS)
def test_every_epoch_trains_on_every_row_once(rows, first, count, seed):
    order = batch_order(rows, range(first, first + count), seed)
    assert order.dtype == np.int32
    np.testing.assert_array_equal(np.sort(order), np.tile(np.arange(rows), (count, 1)))


@given(st.integers(1, 100), st.integers(0, 20), st.integers(0, 20), SEEDS)
def test_an_order_does_not_depend_on_how_epochs_are_cut(rows, cut, more, seed):
    whole = batch_order(rows, range(cut + more), seed)
    parts = [batch_order(rows, range(cut), seed), batch_order(rows, range(cut, cut + more), seed)]
    np.testing.assert_array_equal(whole, np.vstack(parts))


def test_epochs_and_seeds_have_orders_of_their_own():
    orders = [batch_order(500, range(20), seed) for seed in range(5)]
    assert len({tuple(epoch) for order in orders for epoch in order.tolist()}) == 100


def test_each_row_is_first_about_equally_often():
    """5000 epochs of 10 rows: 500 ± 21 times each, and five deviations are never seen."""
    first = batch_order(10, range(5000), seed=0)[:, 0]
    assert np.abs(np.bincount(first, minlength=10) - 500).max() < 5 * np.sqrt(500 * 0.9)
