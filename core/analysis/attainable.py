"""What an accuracy is measured against: the best rule there is, a stated classifier, guessing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.experiment.data import (
    CIRCLES_FACTOR,
    SPIRAL_INNER,
    SPIRAL_RADIUS,
    SPIRAL_TURNS,
    Blobs,
    Circles,
    Data,
    Digits,
    Moons,
    Spirals,
)

Values = npt.NDArray[np.float64]
Classes = npt.NDArray[np.intp]

SPIRAL_STEPS = 512  # points that stand for an arm: 0.03 apart, while arms are 0.15 apart at least
FINEST = 1e-3  # noise below it moves no point to another class: the nearest place tells it
ROWS_AT_ONCE = 64  # test rows, so that a table of distances stays within the processor's cache


@dataclass(frozen=True)
class Benchmarks:
    """Accuracies on the test rows of one data set.

    `attainable` is that of the Bayes rule, known where the density of the classes is; `reference`
    what `reference_accuracy` reaches where it is not; `guessing` the share of the commonest class.
    A run may lie above any of them by chance.
    """

    attainable: float | None
    reference: float | None
    guessing: float

    @property
    def possible(self) -> float:
        """What a run is measured against: the attainable accuracy, else the reference's, else 1."""
        for value in (self.attainable, self.reference):
            if value is not None:
                return value
        return 1.0

    def to_dict(self) -> dict[str, float | None]:
        return asdict(self)


@lru_cache(maxsize=32)
def benchmarks(data: Data) -> Benchmarks:
    """All that is known of a data set, which is made for it: for a process that trains.

    >>> benchmarks(Blobs())  # the tutorial's
    Benchmarks(attainable=0.84, reference=None, guessing=0.342)
    """
    return Benchmarks(attainable(data), reference(data), guessing(data))


def guessing(data: Data) -> float:
    """The share of the commonest class in the test rows: what naming it every time would reach."""
    y = data.load().y_test
    return float(np.bincount(y).max() / len(y))


def attainable(data: Data) -> float | None:
    """The accuracy of the Bayes rule on the test rows; None where the density is not known.

    Without noise no two classes share a point, and the rule is always right.
    """
    if isinstance(data, Digits):
        return None
    if noise_of(data) == 0:
        return 1.0
    split = data.load()
    return float(np.mean(bayes_rule(data, split.x_test.astype(np.float64)) == split.y_test))


def reference(data: Data) -> float | None:
    """What a support vector machine reaches on the test rows where `attainable` is not known.

    scikit-learn's `SVC` as it comes: a radial kernel, C = 1, gamma = 1 / (features · variance). On
    the digits a k-nearest neighbour or a larger C changes this by less than a point.
    """
    if not isinstance(data, Digits):
        return None
    from sklearn.svm import SVC

    split = data.load()
    return float(SVC().fit(split.x_train, split.y_train).score(split.x_test, split.y_test))


def bayes_rule(data: Data, x: Values) -> Classes:
    """The class with the highest density at each point; (rows, 2) -> (rows,).

    A class is a set of places, all equally likely, around which the noise spreads its points.
    """
    classes = places(data)
    parts = [x[row : row + ROWS_AT_ONCE] for row in range(0, len(x), ROWS_AT_ONCE)]
    width = max(noise_of(data), FINEST)
    rule = [
        np.argmax([log_density(part, points, width) for points in classes], axis=0)
        for part in parts
    ]
    return np.concatenate(rule)


def log_density(x: Values, points: Values, width: float) -> Values:
    """The logarithm of the mean of Gaussians around some points, but for a constant; (rows,)."""
    apart = np.square(x[:, None, 0] - points[:, 0]) + np.square(x[:, None, 1] - points[:, 1])
    exponents = apart / (-2 * width**2)
    nearest = exponents.max(axis=1)
    density: Values = nearest + np.log(np.exp(exponents - nearest[:, None]).mean(axis=1))
    return density


def places(data: Data) -> list[Values]:
    """Where the noise starts from, (places, 2) a class, as the data sets' own makers have it."""
    match data:
        case Blobs():
            return [centre[None, :] for centre in centres(data)]
        case Moons(samples=samples):
            outer = np.linspace(0, np.pi, samples // 2)
            inner = np.linspace(0, np.pi, samples - samples // 2)
            upper, lower = circle(outer), np.array([1.0, 0.5]) - circle(inner)
            return [upper, lower]
        case Circles(samples=samples):
            outer = np.linspace(0, 2 * np.pi, samples // 2, endpoint=False)
            inner = np.linspace(0, 2 * np.pi, samples - samples // 2, endpoint=False)
            return [circle(outer), CIRCLES_FACTOR * circle(inner)]
        case Spirals(arms=arms):
            steps = (np.arange(SPIRAL_STEPS) + 0.5) / SPIRAL_STEPS
            radius = np.sqrt(SPIRAL_INNER + (1 - SPIRAL_INNER) * steps)
            turns = [2 * np.pi * (SPIRAL_TURNS * radius + arm / arms) for arm in range(arms)]
            return [SPIRAL_RADIUS * radius[:, None] * circle(turn) for turn in turns]
    raise TypeError(f"places: data must be of a known density, got {data.kind}.")


def circle(angles: Values) -> Values:
    """Points of the unit circle, (angles, 2)."""
    return np.column_stack([np.cos(angles), np.sin(angles)])


def centres(data: Blobs) -> Values:
    """The centres that `make_blobs` draws first of all, (centers, 2)."""
    from sklearn.datasets import make_blobs

    drawn = make_blobs(
        n_samples=data.centers,
        centers=data.centers,
        n_features=data.features,
        random_state=data.seed,
        return_centers=True,
    )
    return np.asarray(drawn[2], np.float64)


def noise_of(data: Data) -> float:
    return float(data.to_dict()["noise"])
