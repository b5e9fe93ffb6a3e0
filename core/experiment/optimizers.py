"""Optimizers as descriptions, and the presets that carry each Keras version's values.

Nothing relies on a default of the installed Keras: every number of an update rule is a field here.
The rules themselves are in `core/engine/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.experiment.fields import Description, FieldError, flag, number
from core.experiment.limits import LEARNING_RATE_MAX, LEARNING_RATE_MIN, MOMENTUM_MAX
from core.experiment.refusals import because


def learning_rate(default: float) -> Any:
    """The field every optimizer has."""
    return number(default, low=LEARNING_RATE_MIN, high=LEARNING_RATE_MAX)


def fraction(default: float) -> Any:
    """A decay factor of a moving average: from 0 to just under 1."""
    return number(default, low=0.0, high=0.999999, share=True)


def small(default: float) -> Any:
    """A small number that keeps a division in bounds."""
    return number(default, low=0.0, high=1.0, above=True)


@dataclass(frozen=True)
class Sgd(Description):
    """Gradient descent, with momentum where it is above 0 (`keras.optimizers.SGD`).

    velocity ← momentum · velocity − rate · gradient; weight ← weight + velocity, or with Nesterov
    weight ← weight + momentum · velocity − rate · gradient.
    """

    kind = "sgd"
    learning_rate: float = learning_rate(0.01)
    momentum: float = number(0.0, low=0.0, high=MOMENTUM_MAX, share=True)
    nesterov: bool = flag(False)


@dataclass(frozen=True)
class RmsProp(Description):
    """RMSprop (Hinton, lecture 6e, 2012; `keras.optimizers.RMSprop` without momentum).

    mean ← rho · mean + (1 − rho) · gradient²; weight ← weight − rate · gradient / root, where root
    is √(mean + epsilon) in Keras 3 and √mean + epsilon in Keras 2.3.
    """

    kind = "rmsprop"
    learning_rate: float = learning_rate(0.001)
    rho: float = fraction(0.9)
    epsilon: float = small(1e-7)
    epsilon_inside_root: bool = flag(False)


@dataclass(frozen=True)
class Adagrad(Description):
    """Adagrad (Duchi et al., 2011; `keras.optimizers.Adagrad`).

    sum ← sum + gradient²; weight ← weight − rate · gradient / root, where root is √(sum + epsilon)
    in Keras 3, whose sum starts at 0.1, and √sum + epsilon in Keras 2.3, whose sum starts at 0.
    """

    kind = "adagrad"
    learning_rate: float = learning_rate(0.01)
    initial_accumulator_value: float = number(0.0, low=0.0, high=10.0)
    epsilon: float = small(1e-7)
    epsilon_inside_root: bool = flag(False)


@dataclass(frozen=True)
class Adam(Description):
    """Adam (Kingma and Ba, 2015, the form before section 2.1; `keras.optimizers.Adam`).

    m ← beta_1 · m + (1 − beta_1) · gradient; v ← beta_2 · v + (1 − beta_2) · gradient²;
    weight ← weight − rate · √(1 − beta_2ᵗ) / (1 − beta_1ᵗ) · m / (√v + epsilon), t from 1.
    """

    kind = "adam"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = fraction(0.9)
    beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)


Optimizer = Sgd | RmsProp | Adagrad | Adam
OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "rmsprop": RmsProp,
    "adagrad": Adagrad,
    "adam": Adam,
}

PRESETS: dict[str, dict[str, Optimizer]] = {
    "keras-2.3": {"sgd": Sgd(), "rmsprop": RmsProp(), "adagrad": Adagrad(), "adam": Adam()},
    "keras-3": {
        "sgd": Sgd(),
        "rmsprop": RmsProp(epsilon_inside_root=True),
        "adagrad": Adagrad(0.001, initial_accumulator_value=0.1, epsilon_inside_root=True),
        "adam": Adam(),
    },
}


def preset(name: str, kind: str) -> Optimizer:
    """The optimizer `kind` with the default values of one Keras version.

    Raises `FieldError` for an unknown name or kind.

    >>> preset("keras-3", "adagrad").learning_rate
    0.001
    """
    if name not in PRESETS:
        raise FieldError("Preset", "preset", because("choice", options=tuple(PRESETS)), name)
    if kind not in PRESETS[name]:
        raise FieldError("Preset", "kind", because("choice", options=tuple(OPTIMIZERS)), kind)
    return PRESETS[name][kind]
