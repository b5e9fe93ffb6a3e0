"""Data sets: the tutorial's blobs and four more, all made here or carried by scikit-learn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from core.experiment.fields import Description, integer, number
from core.experiment.limits import CLASSES_MAX, NOISE_MAX, SAMPLES_MAX, SAMPLES_MIN, SEED_MAX

Features = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

CIRCLES_FACTOR = 0.5  # the inner circle's radius; the outer one's is 1
SPIRAL_RADIUS = 3  # of the outer end of an arm,
SPIRAL_INNER = 0.02  # the share of its points that are left out within the inner end,
SPIRAL_TURNS = 1.5  # and how often it winds around the middle
DIGITS_ROWS = 1797
DIGITS_BRIGHTEST = 16.0  # a pixel of the 8×8 images counts from 0 to 16


class Split(NamedTuple):
    """Rows to train on and rows to test on; x is (rows, features), y is (rows,) class numbers."""

    x_train: Features
    y_train: Labels
    x_test: Features
    y_test: Labels
    classes: int


class Data(Description, ABC):
    """What every data set shares: the first `train_fraction` of the rows train, the rest test."""

    train_fraction: float

    @property
    @abstractmethod
    def rows(self) -> int: ...

    @property
    @abstractmethod
    def features(self) -> int: ...

    @property
    @abstractmethod
    def classes(self) -> int: ...

    @abstractmethod
    def make(self) -> tuple[Any, Any]:
        """All rows (rows, features) and their class numbers (rows,), in their final order."""

    @property
    def train_rows(self) -> int:
        return min(max(round(self.rows * self.train_fraction), 1), self.rows - 1)

    def load(self) -> Split:
        """The rows, split; made once and then remembered. The arrays are read-only."""
        return split(self)


@lru_cache(maxsize=32)
def split(data: Data) -> Split:
    x, y = data.make()
    x, y = np.asarray(x, np.float32), np.asarray(y, np.int32)
    x.flags.writeable = y.flags.writeable = False
    n = data.train_rows
    return Split(x[:n], y[:n], x[n:], y[n:], data.classes)


def one_hot(labels: Labels, classes: int) -> Features:
    """Class numbers as rows that are 1 at the class's place, (rows, classes).

    >>> one_hot(np.array([1, 0]), 2)
    array([[0., 1.],
           [1., 0.]], dtype=float32)
    """
    return np.eye(classes, dtype=np.float32)[labels]


def to_bytes(split: Split) -> bytes:
    """All rows, train before test: float32 features, then int32 class numbers."""
    x = np.concatenate([split.x_train, split.x_test])
    y = np.concatenate([split.y_train, split.y_test])
    return x.astype("<f4").tobytes() + y.astype("<i4").tobytes()


def from_bytes(data: Data, packed: bytes) -> Split:
    """The rows of a data set that `to_bytes` gave.

    >>> blobs = Blobs(samples=20)
    >>> bool((from_bytes(blobs, to_bytes(blobs.load())).x_test == blobs.load().x_test).all())
    True
    """
    x = np.frombuffer(packed, "<f4", data.rows * data.features).reshape(data.rows, data.features)
    y = np.frombuffer(packed, "<i4", offset=x.nbytes)
    n = data.train_rows
    return Split(x[:n], y[:n], x[n:], y[n:], data.classes)


def samples(default: int = 1000) -> Any:
    return integer(default, low=SAMPLES_MIN, high=SAMPLES_MAX)


def noise(default: float) -> Any:
    return number(default, low=0.0, high=NOISE_MAX)


def seed(default: int = 2) -> Any:
    return integer(default, low=0, high=SEED_MAX)


def train_fraction() -> Any:
    return number(0.5, low=0.05, high=0.95, share=True)


@dataclass(frozen=True)
class Blobs(Data):
    """Round clouds of points, the tutorial's problem: `make_blobs` with `cluster_std` = `noise`.

    >>> split = Blobs().load()
    >>> split.x_train.shape, split.x_test.shape, split.classes
    ((500, 2), (500, 2), 3)
    """

    kind = "blobs"
    features = 2
    samples: int = samples()
    noise: float = noise(2.0)
    seed: int = seed()
    train_fraction: float = train_fraction()
    centers: int = integer(3, low=2, high=CLASSES_MAX)

    @property
    def rows(self) -> int:
        return self.samples

    @property
    def classes(self) -> int:
        return self.centers

    def make(self) -> tuple[Any, Any]:
        from sklearn.datasets import make_blobs

        x, y = make_blobs(
            n_samples=self.samples,
            centers=self.centers,
            n_features=2,
            cluster_std=self.noise,
            random_state=self.seed,
        )
        return x, y


@dataclass(frozen=True)
class Moons(Data):
    """Two half circles that reach into each other: scikit-learn's `make_moons`."""

    kind = "moons"
    features = 2
    classes = 2
    samples: int = samples()
    noise: float = noise(0.2)
    seed: int = seed()
    train_fraction: float = train_fraction()

    @property
    def rows(self) -> int:
        return self.samples

    def make(self) -> tuple[Any, Any]:
        from sklearn.datasets import make_moons

        x, y = make_moons(n_samples=self.samples, noise=self.noise, random_state=self.seed)
        return x, y


@dataclass(frozen=True)
class Circles(Data):
    """A small circle in a large one: scikit-learn's `make_circles`."""

    kind = "circles"
    features = 2
    classes = 2
    samples: int = samples()
    noise: float = noise(0.1)
    seed: int = seed()
    train_fraction: float = train_fraction()

    @property
    def rows(self) -> int:
        return self.samples

    def make(self) -> tuple[Any, Any]:
        from sklearn.datasets import make_circles

        x, y = make_circles(
            n_samples=self.samples,
            noise=self.noise,
            factor=CIRCLES_FACTOR,
            random_state=self.seed,
        )
        return x, y


@dataclass(frozen=True)
class Spirals(Data):
    """Arms that wind around each other, one a class: the angle grows with the radius."""

    kind = "spirals"
    features = 2
    samples: int = samples()
    noise: float = noise(0.1)
    seed: int = seed()
    train_fraction: float = train_fraction()
    arms: int = integer(2, low=2, high=CLASSES_MAX)

    @property
    def rows(self) -> int:
        return self.samples

    @property
    def classes(self) -> int:
        return self.arms

    def make(self) -> tuple[Any, Any]:
        rng = np.random.default_rng(self.seed)
        arm = np.arange(self.samples) % self.arms
        radius = np.sqrt(rng.uniform(SPIRAL_INNER, 1.0, self.samples))  # evenly along the arm
        angle = SPIRAL_TURNS * 2 * np.pi * radius + 2 * np.pi * arm / self.arms
        x = SPIRAL_RADIUS * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        x += rng.normal(0.0, self.noise, x.shape)
        order = rng.permutation(self.samples)
        return x[order], arm[order]


@dataclass(frozen=True)
class Digits(Data):
    """Handwritten digits, 8×8 pixels from 0 to 1, ten classes: scikit-learn's `load_digits`."""

    kind = "digits"
    rows = DIGITS_ROWS
    features = 64
    classes = 10
    seed: int = seed()
    train_fraction: float = train_fraction()

    def make(self) -> tuple[Any, Any]:
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        order = np.random.default_rng(self.seed).permutation(DIGITS_ROWS)
        return x[order] / DIGITS_BRIGHTEST, y[order]


DATA: dict[str, type[Data]] = {cls.kind: cls for cls in (Blobs, Moons, Circles, Spirals, Digits)}
