"""The draws of training: reproducible, independent of how they are asked for, rightly spread."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.data import Blobs, Digits
from core.experiment.network import ACTIVATIONS, Conv, Dense
from core.experiment.randomness import batch_order, initial_weights
from tests.experiment.first_edition import ROWS

SEEDS = st.integers(0, 2**31 - 1)
HIDDEN = st.lists(st.integers(1, 64), max_size=4).map(tuple)
PLAIN = st.builds(Dense, HIDDEN, st.sampled_from(ACTIVATIONS))


def drawn(model, seed=0, data=None):
    return initial_weights(Experiment(data or Blobs(), model, seed=seed))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_dense_networks_start_bit_for_bit_as_in_the_first_edition(row):
    weights = initial_weights(Experiment.from_json(row["json"]))
    whole = b"".join(weight.tobytes() for weight in weights)
    assert hashlib.sha256(whole).hexdigest()[:16] == row["weights"]


@given(PLAIN, SEEDS)
def test_the_same_seed_gives_the_same_weights(model, seed):
    one, again = (drawn(model, seed) for _ in range(2))
    for weight, weight_again in zip(one, again, strict=True):
        np.testing.assert_array_equal(weight, weight_again)


@given(PLAIN, SEEDS)
def test_weights_have_the_shapes_of_dense_layers_and_biases_start_at_zero(model, seed):
    weights, sizes = drawn(model, seed), (2, *model.hidden, 3)
    assert [kernel.shape for kernel in weights[::2]] == list(pairwise(sizes))
    assert [bias.shape for bias in weights[1::2]] == [(units,) for units in sizes[1:]]
    assert {weight.dtype for weight in weights} == {np.dtype(np.float32)}
    assert not any(bias.any() for bias in weights[1::2])


@given(PLAIN, SEEDS)
def test_kernels_lie_within_he_before_a_relu_and_within_glorot_elsewhere(model, seed):
    kernels = drawn(model, seed)[::2]
    for layer, kernel in enumerate(kernels):
        fan_in, fan_out = kernel.shape
        before_relu = model.activation == "relu" and layer < len(kernels) - 1
        limit = np.sqrt(6 / fan_in) if before_relu else np.sqrt(6 / (fan_in + fan_out))
        assert np.abs(kernel).max() <= np.float32(limit)


@pytest.mark.parametrize(
    ("activation", "limits"),
    [
        # he_uniform √(6 / 2) and √(6 / 200), then glorot_uniform √(6 / (200 + 3))
        ("relu", (1.732051, 0.173205, 0.171920)),
        # glorot_uniform: √(6 / (2 + 200)), √(6 / (200 + 200)), √(6 / (200 + 3))
        ("tanh", (0.172345, 0.122474, 0.171920)),
    ],
)
def test_kernels_fill_their_bounds_evenly(activation, limits):
    """A uniform draw within ±limit has mean 0 and standard deviation limit / √3."""
    kernels = drawn(Dense((200, 200), activation), seed=1)[::2]
    for kernel, limit in zip(kernels, limits, strict=True):
        assert np.abs(kernel).max() == pytest.approx(limit, rel=0.01)
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
        assert abs(kernel.mean()) < limit / 10


def test_convolutions_start_within_he_of_the_places_a_filter_looks_at():
    """√(6 / (3 · 3 · channels)) under any activation: √(6 / 9), then √(6 / 144)."""
    first, _, second, *_ = drawn(Conv((16, 32), (), "tanh"), data=Digits())
    assert (first.shape, second.shape) == ((3, 3, 1, 16), (3, 3, 16, 32))
    assert np.abs(first).max() == pytest.approx(0.816497, rel=0.02)
    assert np.abs(second).max() == pytest.approx(0.204124, rel=0.002)


def test_what_is_normalised_starts_as_it_is():
    kernel, bias, gamma, beta, mean, variance, *_ = drawn(Dense((5,), batch_norm=True))
    plain = drawn(Dense((5,)))
    np.testing.assert_array_equal(kernel, plain[0])  # the draws of the kernels stay what they were
    assert not any(weight.any() for weight in (bias, beta, mean))
    assert (gamma == 1).all()
    assert (variance == 1).all()


def test_layers_and_seeds_differ():
    one, other = (drawn(Dense((50, 50, 50), "tanh"), seed)[::2] for seed in (0, 1))
    assert not np.array_equal(one[1], one[2])
    assert not np.array_equal(one[1], other[1])


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
