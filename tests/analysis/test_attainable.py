"""Attainable accuracies, against an estimate that knows nothing of densities."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from core.analysis.attainable import (
    SPIRAL_STEPS,
    Benchmarks,
    attainable,
    bayes_rule,
    benchmarks,
    centres,
    guessing,
    noise_of,
    places,
    reference,
)
from core.experiment.data import Blobs, Circles, Data, Digits, Moons, Spirals

FRESH = 10_000  # points of each class
NEIGHBOURS = 201
# The neighbours' own error: near the border their vote of 201 is off by up to 3.5 %, 1 / (2 √201),
# so rows whose classes are nearly as likely fall either way. Such rows are right half the time.
CLOSE = 0.02

NOISY: list[Data] = [
    Blobs(),
    Blobs(noise=4.0, centers=6, seed=5),
    Moons(),
    Moons(noise=0.5, samples=999),
    Circles(noise=0.3),
    Circles(noise=0.5),
    Spirals(noise=0.3),
    Spirals(noise=0.2, arms=5),
]


def fresh(data: Data) -> tuple[np.ndarray, np.ndarray]:
    """Many new points of the same classes, from the makers' formulas with places at random."""
    rng = np.random.default_rng(0)
    angle, share = rng.uniform(0, 1, FRESH), rng.uniform(0.02, 1.0, FRESH)
    match data:
        case Blobs():
            points = [np.tile(centre, (FRESH, 1)) for centre in centres(data)]
        case Moons():
            x, y = np.cos(np.pi * angle), np.sin(np.pi * angle)
            points = [np.column_stack([x, y]), np.column_stack([1 - x, 0.5 - y])]
        case Circles():
            round_ = np.column_stack([np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle)])
            points = [round_, round_ / 2]
        case Spirals(arms=arms):
            r = np.sqrt(share)
            turns = [3 * np.pi * r + 2 * np.pi * arm / arms for arm in range(arms)]
            points = [3 * np.column_stack([r * np.cos(t), r * np.sin(t)]) for t in turns]
    x = np.concatenate(points) + rng.normal(0, noise_of(data), (FRESH * data.classes, 2))
    return x, np.repeat(np.arange(data.classes), FRESH)


@pytest.mark.parametrize("data", NOISY, ids=repr)
def test_the_bayes_rule_is_as_right_as_many_neighbours(data: Data) -> None:
    split = data.load()
    neighbours = KNeighborsClassifier(NEIGHBOURS).fit(*fresh(data))
    assert attainable(data) == pytest.approx(
        neighbours.score(split.x_test, split.y_test), abs=CLOSE
    )


@pytest.mark.parametrize("data", NOISY, ids=repr)
def test_no_neighbours_beat_the_bayes_rule_on_fresh_points(data: Data) -> None:
    """The rule is the best there is for the population; for a few rows another may be luckier."""
    x, y = fresh(data)
    asked = np.random.default_rng(1).permutation(len(x))[:2_000]
    others = np.setdiff1d(np.arange(len(x)), asked)
    neighbours = KNeighborsClassifier(NEIGHBOURS).fit(x[others], y[others])
    right = bayes_rule(data, x[asked]) == y[asked]
    theirs = neighbours.predict(x[asked]) == y[asked]
    chance = 3 * np.std(right.astype(float) - theirs) / np.sqrt(len(asked))
    assert right.mean() >= theirs.mean() - chance


def test_the_tutorials_problem_can_be_solved_to_84_percent_of_its_test_rows() -> None:
    assert benchmarks(Blobs()) == Benchmarks(0.84, None, 0.342)
    x, y = fresh(Blobs())
    assert np.mean(bayes_rule(Blobs(), x) == y) == pytest.approx(0.823, abs=0.005)


@pytest.mark.parametrize(("data", "known"), [(Circles(noise=0.5), 0.652), (Moons(), 0.972)])
def test_known_accuracies_are_met(data: Data, known: float) -> None:
    """What 501 neighbours among 200,000 fresh points gave."""
    assert attainable(data) == pytest.approx(known, abs=CLOSE)


def test_blobs_are_told_apart_by_the_nearest_centre() -> None:
    data = Blobs(centers=7, noise=3.0)
    x = data.load().x_test
    apart = np.linalg.norm(x[:, None, :] - centres(data), axis=2)
    assert (bayes_rule(data, x.astype(np.float64)) == apart.argmin(axis=1)).all()


@pytest.mark.parametrize("noise", [0.0, 1e-9, 1e-4, 0.01])
@pytest.mark.parametrize("kind", [Moons, Circles, Spirals, Blobs])
def test_without_noise_to_speak_of_everything_is_attainable(kind: type[Data], noise: float) -> None:
    assert attainable(kind(noise=noise)) == 1.0


def test_ten_arms_without_noise_are_told_apart() -> None:
    assert attainable(Spirals(noise=0.005, arms=10)) == 1.0


def test_a_finer_arm_names_the_same_classes() -> None:
    data = Spirals(noise=0.03, arms=10)
    x = data.load().x_test.astype(np.float64)
    radius = np.sqrt(0.02 + 0.98 * (np.arange(8 * SPIRAL_STEPS) + 0.5) / (8 * SPIRAL_STEPS))
    turns = [2 * np.pi * (1.5 * radius + arm / 10) for arm in range(10)]
    fine = [3 * np.column_stack([radius * np.cos(t), radius * np.sin(t)]) for t in turns]
    density = [
        np.exp(-((x[:, None, :] - arm) ** 2).sum(axis=2) / (2 * 0.03**2)).sum(axis=1)
        for arm in fine
    ]
    known = np.max(density, axis=0) > 0  # far from every arm all of them underflow
    assert known.mean() > 0.99
    assert (bayes_rule(data, x) == np.argmax(density, axis=0))[known].mean() > 0.995


def test_the_places_are_those_that_the_makers_use() -> None:
    """Without noise the rows are the places themselves."""
    for data in (Moons(noise=0.0, samples=101), Circles(noise=0.0, samples=101)):
        x, y = data.make()
        for number, points in enumerate(places(data)):
            ours = points[np.lexsort(points.round(9).T)]
            theirs = x[y == number]
            np.testing.assert_allclose(ours, theirs[np.lexsort(theirs.round(9).T)], atol=1e-9)


def test_guessing_is_the_share_of_the_commonest_class() -> None:
    y = Blobs(samples=20, centers=3).load().y_test
    assert guessing(Blobs(samples=20, centers=3)) == max((y == c).mean() for c in range(3))


def test_the_digits_have_a_reference_and_nothing_attainable() -> None:
    known = benchmarks(Digits())
    assert known.attainable is None
    assert known.reference == reference(Digits()) == known.possible
    assert 0.97 < known.possible < 1.0
    assert reference(Blobs()) is None
