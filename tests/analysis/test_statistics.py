"""Means, intervals and measures, against numbers worked by hand and against simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.statistics import (
    best,
    difference_of_finals,
    epochs_to_target,
    estimate,
    final,
    mean_of_finals,
    pairs,
    rises,
    rounding_of,
    swing,
    wilson,
)
from core.experiment import Experiment
from tests.analysis.studies.made_up import climbing_to, jumping, made_up, seeded

REPETITIONS = 2_000
ROWS = 500  # that test a run of the tutorial: its accuracy comes in steps of 0.002
ALLOWED = (0.935, 0.965)  # 0.95 ± 3 · √(0.95 · 0.05 / 2,000): a binomial count in 99.7 of 100


def with_finals(finals):
    return [
        made_up(seeded(Experiment(), seed), epochs=1, val_accuracy=value)
        for seed, value in enumerate(finals)
    ]


def test_estimate_is_students_interval():
    # t of 3 degrees of freedom at 97.5 % is 3.182446 (Student's table); deviation √(5/3)
    one = estimate([1.0, 2.0, 3.0, 4.0])
    assert one.mean == 2.5
    assert one.deviation == pytest.approx(math.sqrt(5 / 3))
    assert one.high == pytest.approx(2.5 + 3.182446 * math.sqrt(5 / 3) / 2)
    assert one.low == pytest.approx(2.5 - 3.182446 * math.sqrt(5 / 3) / 2)


def test_one_value_has_a_mean_and_no_interval():
    one = estimate([0.7])
    assert (one.mean, one.count) == (0.7, 1)
    assert all(map(math.isnan, (one.deviation, one.low, one.high)))
    assert one.covers(0.0)


def test_nothing_has_no_mean():
    assert math.isnan(estimate([]).mean)
    assert estimate([None, math.nan]).count == 0


def test_equal_values_have_an_interval_without_width():
    one = estimate([0.25] * 5)
    assert one.covers(0.25)
    assert not one.covers(0.26)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_interval_lies_around_the_mean(values):
    one = estimate(values)
    assert one.low <= one.mean <= one.high
    assert one.mean == pytest.approx(float(np.mean(values)), abs=1e-6)
    assert one.deviation == pytest.approx(float(np.std(values, ddof=1)), rel=1e-6, abs=1e-6)


def test_runs_are_paired_by_seed_and_not_by_place():
    left = with_finals([0.1, 0.2, 0.3])
    right = with_finals([0.1, 0.1, 0.1, 0.9])[::-1]
    assert [(a.experiment.seed, b.experiment.seed) for a, b in pairs(left, right)] == [
        (0, 0),
        (1, 1),
        (2, 2),
    ]
    assert difference_of_finals(left, right).mean == pytest.approx(0.1)


def test_pairing_sees_a_small_difference_in_large_spread():
    rng = np.random.default_rng(7)
    luck = rng.uniform(0.3, 0.8, 10)
    better = with_finals(luck + 0.01 + rng.normal(0, 0.001, 10))
    assert not difference_of_finals(better, with_finals(luck)).covers(0.0)


def test_a_pair_with_a_diverged_run_is_left_out_of_the_finals():
    left = with_finals([0.5, 0.5, 0.5])
    right = [*with_finals([0.4, 0.4]), made_up(seeded(Experiment(), 2), outcome="diverged")]
    assert difference_of_finals(left, right).count == 2


def made_up_accuracies(rng, seeds):
    """Ends of two settings without any difference: shared luck by seed, noise of their own."""
    return rng.normal(0.7, 0.05, seeds) + rng.normal(0, 0.02, (2, seeds))


def test_comparing_a_setting_with_itself_covers_zero_at_the_stated_rate():
    rng = np.random.default_rng(20191)
    covered = 0
    for _ in range(REPETITIONS):
        left, right = made_up_accuracies(rng, seeds=8)
        covered += difference_of_finals(with_finals(left), with_finals(right)).covers(0)
    assert ALLOWED[0] <= covered / REPETITIONS <= ALLOWED[1]


@pytest.mark.parametrize("seeds", [2, 3, 10])
@pytest.mark.parametrize("spread", [0.001, 0.003, 0.01, 0.02])  # Adam's over seeds is 0.01
def test_accuracies_rounded_to_rows_cover_zero_at_the_stated_rate_at_least(seeds, spread):
    rng = np.random.default_rng(20194)
    luck = rng.normal(0.8, 0.05, (seeds, REPETITIONS))
    sides = (luck + rng.normal(0, spread, luck.shape) for _ in range(2))
    one, other = (np.round(side * ROWS) / ROWS for side in sides)
    rounding = 2 * rounding_of(Experiment(), "val_accuracy")
    covered = np.mean([estimate(pairs, rounding).covers(0) for pairs in (one - other).T])
    assert covered >= ALLOWED[0]
    if spread > 1 / ROWS * 4 and seeds > 2:  # else the step of a row is most of the interval
        assert covered <= ALLOWED[1]


@pytest.mark.parametrize("column", ["val_accuracy", "accuracy"])
def test_two_seeds_that_differ_by_the_same_row_show_no_difference(column):
    left = [made_up(seeded(Experiment(), seed), **{column: 0.8 + 1 / ROWS}) for seed in range(2)]
    right = [made_up(seeded(Experiment(), seed), **{column: 0.8}) for seed in range(2)]
    one = difference_of_finals(left, right, column)
    # t of one degree of freedom, 12.706, times √(1/6) of a row over √2
    assert one.high - one.mean == pytest.approx(12.7062 * math.sqrt(1 / 6 / 2) / ROWS, rel=1e-4)
    assert one.covers(0.0)


def test_a_loss_is_not_counted_in_rows():
    left = [made_up(seeded(Experiment(), seed), val_loss=0.5) for seed in range(2)]
    right = [made_up(seeded(Experiment(), seed), val_loss=0.25) for seed in range(2)]
    one = difference_of_finals(left, right, "val_loss")
    assert (one.low, one.high) == (0.25, 0.25)


def test_a_mean_of_equal_accuracies_has_an_interval_as_well():
    one = mean_of_finals(with_finals([0.9, 0.9]))
    assert one.low < 0.9 < one.high
    assert math.isnan(mean_of_finals([]).mean)


def test_interval_of_the_mean_covers_the_truth_at_the_stated_rate():
    rng = np.random.default_rng(20193)
    seen = rng.normal(0.5, 0.1, (REPETITIONS, 4))
    covered = np.mean([estimate(values).covers(0.5) for values in seen])
    assert ALLOWED[0] <= covered <= ALLOWED[1]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [  # (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_wilson_interval(count, total, low, high):
    share = wilson(count, total)
    assert (share.low, share.high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_says_nothing():
    share = wilson(0, 0)
    assert (share.low, share.high) == (0.0, 1.0)
    assert math.isnan(share.share)


def test_epochs_to_target_is_the_first_epoch_that_reaches_it():
    assert epochs_to_target(made_up(val_accuracy=climbing_to(0.8, at=23))) == 23
    assert epochs_to_target(made_up(val_accuracy=0.8)) == 1
    assert epochs_to_target(made_up(val_accuracy=0.799)) is None
    assert epochs_to_target(made_up(epochs=0)) is None


def test_only_a_run_that_finished_has_an_end():
    for outcome in ("stopped", "diverged", "interrupted", "failed"):
        assert final(made_up(outcome=outcome)) is None
    assert final(made_up(outcome="finished")) == 0.5


def test_an_estimate_knows_its_least_and_its_most():
    one = estimate([0.7, None, 0.4, 0.5])
    assert (one.least, one.most, one.count) == (0.4, 0.7, 3)
    none = estimate([None])
    assert math.isnan(none.least)
    assert math.isnan(none.most)


def test_final_and_best():
    accuracy = climbing_to(0.8, at=100)
    accuracy[-1] = 0.6
    run = made_up(val_accuracy=accuracy)
    assert (final(run), best(run)) == (0.6, 0.8)
    assert final(made_up(epochs=0)) is best(made_up(epochs=0)) is None


def test_rises_is_the_share_of_epochs_in_which_the_loss_rose():
    assert rises(made_up(epochs=5, loss=[5, 4, 4, 6, 7])) == 0.5
    assert rises(made_up(epochs=1)) is None


def test_swing_is_the_mean_step_and_a_steady_climb_has_little():
    assert swing(made_up(val_accuracy=jumping(0.6, by=0.1))) == pytest.approx(0.1)
    steady = made_up(val_accuracy=np.linspace(0.3, 0.8, 201)[1:])
    assert swing(steady) == pytest.approx(0.0025)
    assert swing(made_up(val_accuracy=climbing_to(0.8, at=50)), since=50) == 0.0
