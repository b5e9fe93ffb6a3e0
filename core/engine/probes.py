"""What a snapshot is probed for: the gradient's norm, and the sharpness of the loss.

All of the loss that is reported (l2 included) over all training rows, dropout off, batch
normalisation as in training. Sharpness is the largest eigenvalue of the Hessian: gradient descent
with rate η is stable up to a sharpness of 2 / η (Cohen et al., "Gradient Descent on Neural Networks
Typically Occurs at the Edge of Stability", 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh_tridiagonal

from core.engine import feed
from core.engine.device import tf
from core.engine.grouping import ProgramKey, network_key
from core.engine.losses import TWICE
from core.engine.snapshot import Snapshot
from core.engine.traced import Traced
from core.engine.traced_model import Parts, TracedModel
from core.experiment import Experiment

Tensor = Any
Vector = npt.NDArray[np.float64]

TOLERANCE = 1e-4  # of an eigenvalue, as a share of it
STEPS_MAX = 200  # of Lanczos; for matrices of up to so many rows they are enough
SMALLEST = 1e-12  # a new direction shorter than this, as a share of the first, is rounding


class Curvature:
    """Gradients and Hessian-vector products of one program's networks, compiled."""

    def __init__(self, key: ProgramKey) -> None:
        self._model, self._loss = TracedModel(key, twins=False), TWICE[key.loss]
        self.gradient = Traced(self.traced_gradient, jit_compile=True)
        self.product = Traced(self.traced_product, jit_compile=True)

    def traced_gradient(self, point: Point) -> list[Tensor]:
        weights = [tf.convert_to_tensor(weight) for weight in point.weights]
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss = self.loss(weights, point)
        gradients: list[Tensor] = tape.gradient(loss, weights)
        return gradients

    def traced_product(self, point: Point, direction: list[Tensor]) -> list[Tensor]:
        """The Hessian times a direction, reverse over reverse."""
        weights = [tf.convert_to_tensor(weight) for weight in point.weights]
        with tf.GradientTape() as outer:
            outer.watch(weights)
            gradients = self.traced_gradient(point._replace(weights=weights))
            along = [tf.reduce_sum(a * b) for a, b in zip(gradients, direction, strict=True)]
            slope = tf.add_n(along)
        products: list[Tensor] = outer.gradient(slope, weights)
        return products

    def loss(self, weights: list[Tensor], point: Point) -> Tensor:
        numbers = {"dropout": tf.constant(0.0), "l2": point.l2}
        logits, _ = self._model.logits(weights, point.others, point.x, numbers)
        return tf.reduce_mean(self._loss(logits, point.targets)) + self._model.penalty(
            weights, numbers
        )


class Point(NamedTuple):
    """Where the loss is looked at."""

    weights: list[Any]  # those that are learned, the last kernel turned round
    others: list[Any]
    x: Tensor
    targets: Tensor  # (classes, rows)
    l2: Any


@cache
def curvature(key: ProgramKey) -> Curvature:
    return Curvature(key)


def curvature_of(experiment: Experiment) -> Curvature:
    """That of the experiment's loss, whatever trains it."""
    return curvature(network_key(experiment))


def point_of(experiment: Experiment, snapshot: Snapshot) -> Point:
    weights, others = Parts(experiment).split(snapshot.weights)
    rows = feed.rows((experiment.data,))
    targets = tf.transpose(rows.y_train)
    return Point(weights, others, rows.x_train, targets, np.float32(experiment.model.l2))


def gradient_norm(experiment: Experiment, snapshot: Snapshot) -> float:
    """The Euclidean norm of the loss's gradient by all weights that are learned."""
    gradients = curvature_of(experiment).gradient(point_of(experiment, snapshot))
    return float(np.linalg.norm(flat(gradients)))


def sharpness(experiment: Experiment, snapshot: Snapshot) -> float:
    """The largest eigenvalue of the loss's Hessian, to a share `TOLERANCE` of itself.

    NaN where Lanczos's iteration does not find it as surely.
    """
    return scaled_sharpness(experiment, snapshot, None)


def preconditioned_sharpness(experiment: Experiment, snapshot: Snapshot) -> float:
    """The same as Adam sees it: of D H D with D = (√v̂ + epsilon)^(−½).

    v̂ is Adam's v over 1 − beta_2ᵗ, and D also bears the 1 / (1 − beta_1ᵗ) of Adam's rate, after
    t updates (Cohen et al., "Adaptive Gradient Methods at the Edge of Stability", 2022). NaN before
    the first update, where there is no v yet, and for optimizers without Adam's memory.
    """
    optimizer = optimizer_at(experiment, snapshot.epoch)
    updates = snapshot.epoch * experiment.updates_per_epoch
    if optimizer.kind not in ADAMS or not updates:
        return float("nan")
    learned, _ = Parts(experiment).split(snapshot.weights)
    memory = feed.memory_of(snapshot, [["v"]] * len(learned))
    squares = flat(one["v"] for one in memory) / (1 - optimizer.beta_2**updates)
    roots = np.sqrt(squares) + optimizer.epsilon
    return scaled_sharpness(
        experiment, snapshot, 1 / np.sqrt(roots * (1 - optimizer.beta_1**updates))
    )


def scaled_sharpness(experiment: Experiment, snapshot: Snapshot, scale: Vector | None) -> float:
    curve, point = curvature_of(experiment), point_of(experiment, snapshot)
    shapes = [weight.shape for weight in point.weights]
    length = sum(int(np.prod(shape)) for shape in shapes)
    by = np.ones(length) if scale is None else scale

    def product(vector: Vector) -> Vector:
        return by * flat(curve.product(point, parts(by * vector, shapes)))

    return largest_eigenvalue(product, length)


def largest_eigenvalue(product: Callable[[Vector], Vector], length: int) -> float:
    """Of a symmetric matrix that is known by its products, by Lanczos's iteration (1950).

    Every new direction is made orthogonal to all before it. It ends when the bound on the error,
    what the last step adds times the last entry of the eigenvector (Paige, 1971), is small. NaN
    where it is not after `STEPS_MAX` steps, and where a product is not finite.

    >>> matrix = np.diag(np.arange(1.0, 40.0))
    >>> round(largest_eigenvalue(lambda vector: matrix @ vector, 39), 3)
    39.0
    """
    direction = np.random.default_rng(0).normal(size=length)
    basis = [direction / np.linalg.norm(direction)]
    diagonal: list[float] = []
    beside: list[float] = []
    for _ in range(min(length, STEPS_MAX)):
        ahead = product(basis[-1])
        if not np.isfinite(ahead).all():
            return float("nan")
        diagonal.append(float(basis[-1] @ ahead))
        known = np.array(basis)
        for _ in range(2):  # once is not enough in floating point (Kahan; Parlett, 1980)
            ahead = ahead - known.T @ (known @ ahead)
        rest = float(np.linalg.norm(ahead))
        values, vectors = eigh_tridiagonal(diagonal, beside)
        largest = float(values[-1])
        size = max(map(abs, values))
        if rest * abs(vectors[-1, -1]) <= TOLERANCE * abs(largest) or rest <= SMALLEST * size:
            return largest
        beside.append(rest)
        basis.append(ahead / rest)
    return largest if length <= STEPS_MAX else float("nan")


def optimizer_at(experiment: Experiment, epoch: int) -> Any:
    """The optimizer with the numbers of the last of so many epochs."""
    return [stage for stage in experiment.stages if stage.first <= max(epoch - 1, 0)][-1].optimizer


def flat(arrays: Iterable[Any]) -> Vector:
    """Arrays as one vector, in double precision."""
    return np.concatenate([np.asarray(array, np.float64).ravel() for array in arrays])


def parts(vector: Vector, shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """The reverse of `flat`, in single precision."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    pieces = np.split(vector.astype(np.float32), ends[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]


ADAMS = {"adam", "adamw"}
PROBES: dict[str, Callable[[Experiment, Snapshot], float]] = {
    "gradient_norm": gradient_norm,
    "sharpness": sharpness,
    "preconditioned_sharpness": preconditioned_sharpness,
}
