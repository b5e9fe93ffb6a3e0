"""Data sets: the tutorial's rows exactly, and shapes, balance and determinism of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.datasets import load_digits, make_blobs, make_circles, make_moons

from core.experiment.data import DATA, Blobs, Circles, Digits, Moons, Spirals
from tests.experiment.strategies import any_of


def test_blobs_are_the_tutorials_rows_and_split():
    x, y = make_blobs(n_samples=1000, centers=3, n_features=2, cluster_std=2, random_state=2)
    split = Blobs().load()
    assert split.classes == 3
    np.testing.assert_array_equal(split.x_train, x[:500].astype(np.float32))
    np.testing.assert_array_equal(split.x_test, x[500:].astype(np.float32))
    np.testing.assert_array_equal(split.y_train, y[:500])
    np.testing.assert_array_equal(split.y_test, y[500:])


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (Moons(400, noise=0.3, seed=5), make_moons(400, noise=0.3, random_state=5)),
        (
            Circles(400, noise=0.3, seed=5),
            make_circles(400, noise=0.3, random_state=5, factor=0.5),
        ),
    ],
)
def test_moons_and_circles_are_scikit_learns(data, rows):
    split = data.load()
    both = np.vstack([split.x_train, split.x_test]), np.append(split.y_train, split.y_test)
    np.testing.assert_array_equal(both[0], rows[0].astype(np.float32))
    np.testing.assert_array_equal(both[1], rows[1])


@settings(max_examples=50)
@given(any_of(DATA))
def test_any_data_set_is_whole_and_ready_to_train_on(data):
    split = data.load()
    assert split.x_train.shape == (data.train_rows, data.features)
    assert split.x_test.shape == (data.rows - data.train_rows, data.features)
    assert split.y_train.shape == (data.train_rows,)
    assert split.y_test.shape == (data.rows - data.train_rows,)
    assert {a.dtype for a in (split.x_train, split.x_test)} == {np.dtype(np.float32)}
    assert {a.dtype for a in (split.y_train, split.y_test)} == {np.dtype(np.int32)}
    assert np.isfinite(split.x_train).all()
    assert np.isfinite(split.x_test).all()
    labels = np.append(split.y_train, split.y_test)
    assert labels.min() == 0
    assert labels.max() == split.classes - 1 == data.classes - 1
    assert abs(data.train_rows - data.rows * data.train_fraction) <= 0.5
    assert not any(array.flags.writeable for array in split[:4])


@settings(max_examples=30)
@given(any_of({kind: cls for kind, cls in DATA.items() if cls is not Digits}))
def test_made_classes_are_balanced(data):
    split = data.load()
    counts = np.bincount(np.append(split.y_train, split.y_test), minlength=data.classes)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("kind", sorted(DATA))
def test_a_seed_makes_the_same_rows_and_another_seed_others(kind):
    one, again, other = (DATA[kind](seed=seed).make() for seed in (3, 3, 4))
    np.testing.assert_array_equal(one[0], again[0])
    np.testing.assert_array_equal(one[1], again[1])
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize("data", [Blobs(), Moons(), Circles(), Spirals(), Digits()])
def test_both_parts_of_a_split_hold_every_class(data):
    split = data.load()
    assert set(split.y_train) == set(split.y_test) == set(range(split.classes))


def test_digits_are_scikit_learns_in_another_order():
    x, _ = load_digits(return_X_y=True)
    split = Digits().load()
    rows = np.vstack([split.x_train, split.x_test])
    assert rows.shape == (1797, 64)
    assert (rows.min(), rows.max()) == (0.0, 1.0)
    as_drawn = (rows * 16).astype(int)
    assert sorted(map(tuple, as_drawn)) == sorted(map(tuple, x.astype(int)))


def test_spirals_without_noise_lie_on_their_arms():
    """On an arm the angle is 1.5 turns · radius / 3, plus an equal share of a turn per arm."""
    x, y = Spirals(noise=0.0, arms=3).make()
    radius = np.hypot(*x.T) / 3
    angle = np.arctan2(x[:, 1], x[:, 0])
    turns = (angle - 1.5 * 2 * np.pi * radius) / (2 * np.pi) - y / 3
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-9)


def test_more_noise_spreads_wider():
    for cls in (Blobs, Moons, Circles, Spirals):
        still, loud = (cls(noise=noise).make()[0].std() for noise in (0.0, 5.0))
        assert loud > still


def test_a_split_is_made_once():
    assert Blobs(seed=9).load() is Blobs(seed=9).load()
