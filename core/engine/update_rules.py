"""The optimizers' update rules as pure functions of gradient, memory and numbers.

All arrays have the lanes first; rates and numbers are shaped (lanes, 1, …) to fit the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engine.device import tf
from core.experiment.optimizers import Adagrad, Adam, RmsProp, Sgd

Tensor = Any
Numbers = tuple[float, ...]
Slots = tuple[Tensor, ...]
Scales = npt.NDArray[np.float32]
Updates = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """One kind of optimizer."""

    step: Callable[..., tuple[Tensor, Slots]]  # (gradient, slots, rate, *numbers)
    numbers: Callable[[Any], Numbers]  # of one run
    slots: Callable[[Any], Numbers]  # what each memory of a weight starts at
    scales: Callable[[Any, Updates], Scales]  # what the rate is multiplied by at each update


def sgd(
    gradient: Tensor, slots: Slots, rate: Tensor, momentum: Tensor, nesterov: Tensor
) -> tuple[Tensor, Slots]:
    """velocity ← momentum · velocity − rate · gradient; the change, or one step on (Nesterov)."""
    velocity = momentum * slots[0] - rate * gradient
    ahead = momentum * velocity - rate * gradient
    return tf.where(nesterov > 0, ahead, velocity), (velocity,)


def rmsprop(
    gradient: Tensor,
    slots: Slots,
    rate: Tensor,
    rho: Tensor,
    rest: Tensor,
    inside: Tensor,
    outside: Tensor,
) -> tuple[Tensor, Slots]:
    """mean ← rho · mean + (1 − rho) · gradient²; change = −rate · gradient / root.

    The root is √(mean + inside) + outside: epsilon is one of them and the other is 0.
    """
    mean = rho * slots[0] + rest * gradient * gradient
    return -(rate * gradient) / (tf.sqrt(mean + inside) + outside), (mean,)


def adagrad(
    gradient: Tensor, slots: Slots, rate: Tensor, inside: Tensor, outside: Tensor
) -> tuple[Tensor, Slots]:
    """total ← total + gradient²; change = −rate · gradient / root, as in `rmsprop`."""
    total = slots[0] + gradient * gradient
    return -(rate * gradient) / (tf.sqrt(total + inside) + outside), (total,)


def adam(
    gradient: Tensor, slots: Slots, rate: Tensor, rest_1: Tensor, rest_2: Tensor, epsilon: Tensor
) -> tuple[Tensor, Slots]:
    """m and v move towards gradient and gradient²; change = −rate · m / (√v + epsilon).

    The rate already carries the correction of the first updates, `adam_scales`.
    """
    m = slots[0] + (gradient - slots[0]) * rest_1
    v = slots[1] + (gradient * gradient - slots[1]) * rest_2
    return -(m * rate) / (tf.sqrt(v) + epsilon), (m, v)


def adam_scales(optimizer: Adam, updates: Updates) -> Scales:
    """√(1 − beta_2ᵗ) / (1 − beta_1ᵗ) for t from 1, in single precision as Keras has it.

    >>> adam_scales(Adam(beta_1=0.5, beta_2=0.75), np.array([0])).tolist()
    [1.0]
    """
    t = (updates + 1).astype(np.float32)
    one = np.float32(1)
    first = one - np.power(np.float32(optimizer.beta_1), t)
    second = one - np.power(np.float32(optimizer.beta_2), t)
    return np.asarray(np.sqrt(second) / first, np.float32)


def unscaled(optimizer: Any, updates: Updates) -> Scales:
    return np.ones(updates.shape, np.float32)


def inside_outside(optimizer: RmsProp | Adagrad) -> tuple[float, float]:
    """Epsilon, inside the root as in Keras 3, or outside it as in Keras 2.3."""
    return (optimizer.epsilon, 0.0) if optimizer.epsilon_inside_root else (0.0, optimizer.epsilon)


def sgd_numbers(optimizer: Sgd) -> Numbers:
    return optimizer.momentum, float(optimizer.nesterov)


def rmsprop_numbers(optimizer: RmsProp) -> Numbers:
    return optimizer.rho, 1 - optimizer.rho, *inside_outside(optimizer)


def adam_numbers(optimizer: Adam) -> Numbers:
    return 1 - optimizer.beta_1, 1 - optimizer.beta_2, optimizer.epsilon


RULES = {
    "sgd": Rule(sgd, sgd_numbers, lambda optimizer: (0.0,), unscaled),
    "rmsprop": Rule(rmsprop, rmsprop_numbers, lambda optimizer: (0.0,), unscaled),
    "adagrad": Rule(
        adagrad,
        inside_outside,
        lambda optimizer: (optimizer.initial_accumulator_value,),
        unscaled,
    ),
    "adam": Rule(adam, adam_numbers, lambda optimizer: (0.0, 0.0), adam_scales),
}
