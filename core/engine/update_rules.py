"""The optimizers' update rules as pure functions of gradient, memory and numbers.

All arrays have the lanes first; a number of a run is shaped (lanes, 1, …) to fit its weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine.device import tf
from core.optimizers import Adagrad, Adam, RmsProp, Sgd

Tensor = Any
Numbers = dict[str, Any]
Slots = tuple[Tensor, ...]
Scales = npt.NDArray[np.float32]
Updates = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """One kind of optimizer."""

    step: Callable[[Tensor, Slots, Tensor, Numbers], tuple[Tensor, Slots]]
    numbers: Callable[[Any], dict[str, float]]  # of one run
    slots: Callable[[Any], tuple[float, ...]]  # what each memory of a weight starts at
    scales: Callable[[Any, Updates], Scales] = lambda optimizer, updates: np.ones(
        updates.shape, np.float32
    )  # what the rate is multiplied by at each update


def sgd_step(gradient: Tensor, slots: Slots, rate: Tensor, n: Numbers) -> tuple[Tensor, Slots]:
    """velocity ← momentum · velocity − rate · gradient; the change, or one step on (Nesterov)."""
    velocity = n["momentum"] * slots[0] - rate * gradient
    ahead = n["momentum"] * velocity - rate * gradient
    return tf.where(n["nesterov"] > 0, ahead, velocity), (velocity,)


def sgd_numbers(optimizer: Sgd) -> dict[str, float]:
    return {"momentum": optimizer.momentum, "nesterov": float(optimizer.nesterov)}


def rmsprop_step(gradient: Tensor, slots: Slots, rate: Tensor, n: Numbers) -> tuple[Tensor, Slots]:
    """mean ← rho · mean + (1 − rho) · gradient²; change = −rate · gradient / root."""
    mean = n["rho"] * slots[0] + n["rest"] * gradient * gradient
    return -(rate * gradient) / root(mean, n), (mean,)


def rmsprop_numbers(optimizer: RmsProp) -> dict[str, float]:
    return {"rho": optimizer.rho, "rest": 1 - optimizer.rho, **root_numbers(optimizer)}


def adagrad_step(gradient: Tensor, slots: Slots, rate: Tensor, n: Numbers) -> tuple[Tensor, Slots]:
    """total ← total + gradient²; change = −rate · gradient / root."""
    total = slots[0] + gradient * gradient
    return -(rate * gradient) / root(total, n), (total,)


def root(square: Tensor, n: Numbers) -> Tensor:
    """√(square + epsilon) as in Keras 3, or √square + epsilon as in Keras 2.3."""
    return tf.sqrt(square + n["inside"]) + n["outside"]


def root_numbers(optimizer: RmsProp | Adagrad) -> dict[str, float]:
    inside = optimizer.epsilon if optimizer.epsilon_inside_root else 0.0
    return {"inside": inside, "outside": optimizer.epsilon - inside}


def adam_step(gradient: Tensor, slots: Slots, rate: Tensor, n: Numbers) -> tuple[Tensor, Slots]:
    """m and v move towards gradient and gradient²; change = −rate · m / (√v + epsilon).

    The rate already carries the correction of the first updates, `adam_scales`.
    """
    m = slots[0] + (gradient - slots[0]) * n["rest_1"]
    v = slots[1] + (gradient * gradient - slots[1]) * n["rest_2"]
    return -(m * rate) / (tf.sqrt(v) + n["epsilon"]), (m, v)


def adam_numbers(optimizer: Adam) -> dict[str, float]:
    return {
        "rest_1": 1 - optimizer.beta_1,
        "rest_2": 1 - optimizer.beta_2,
        "epsilon": optimizer.epsilon,
    }


def adam_scales(optimizer: Adam, updates: Updates) -> Scales:
    """√(1 − beta_2ᵗ) / (1 − beta_1ᵗ) for t from 1, in single precision as Keras has it.

    >>> float(adam_scales(Adam(beta_1=0.5, beta_2=0.75), np.array([0]))[0])
    1.0
    """
    t = (updates + 1).astype(np.float32)
    one = np.float32(1)
    first = one - np.power(np.float32(optimizer.beta_1), t)
    second = one - np.power(np.float32(optimizer.beta_2), t)
    return np.asarray(np.sqrt(second) / first, np.float32)


RULES = {
    "sgd": Rule(sgd_step, sgd_numbers, lambda optimizer: (0.0,)),
    "rmsprop": Rule(rmsprop_step, rmsprop_numbers, lambda optimizer: (0.0,)),
    "adagrad": Rule(
        adagrad_step, root_numbers, lambda optimizer: (optimizer.initial_accumulator_value,)
    ),
    "adam": Rule(adam_step, adam_numbers, lambda optimizer: (0.0, 0.0), adam_scales),
}
