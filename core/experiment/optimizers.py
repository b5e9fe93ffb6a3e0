"""Optimizers as descriptions, and the presets that carry each Keras version's values.

Nothing relies on a default of the installed Keras: every number of an update rule is a field here.
The rules themselves are in `core/engine/`. Before every rule, as in Keras 3, each weight's gradient
is scaled down to the norm `clipnorm` where it is longer, and each weight, biases too, becomes
weight · (1 − weight_decay · rate) (Loshchilov and Hutter, 2019); 0 leaves either out.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass, replace
from typing import Any

from core.experiment.fields import Description, flag, newer, number
from core.experiment.limits import (
    CLIPNORM_MAX,
    LEARNING_RATE_MAX,
    LEARNING_RATE_MIN,
    MOMENTUM_MAX,
    WEIGHT_DECAY_MAX,
)
from core.experiment.refusals import FieldError, because


def learning_rate(default: float) -> Any:
    """The field every optimizer has."""
    return number(default, low=LEARNING_RATE_MIN, high=LEARNING_RATE_MAX)


def fraction(default: float) -> Any:
    """A decay factor of a moving average: from 0 to just under 1."""
    return number(default, low=0.0, high=0.999999, share=True)


def small(default: float) -> Any:
    """A small number that keeps a division in bounds."""
    return number(default, low=0.0, high=1.0, above=True)


def weight_decay(default: float = 0.0) -> Any:
    """How much of a weight, times the rate, each update takes away."""
    return newer(number(default, low=0.0, high=WEIGHT_DECAY_MAX))


def clipnorm() -> Any:
    """The most that the norm of a weight's gradient may be."""
    return newer(number(0.0, low=0.0, high=CLIPNORM_MAX))


class Optimizer(Description, ABC):
    """What every optimizer shares."""

    learning_rate: float
    weight_decay: float
    clipnorm: float


@dataclass(frozen=True)
class Sgd(Optimizer):
    """Gradient descent, with momentum where it is above 0 (`keras.optimizers.SGD`).

    velocity ← momentum · velocity − rate · gradient; weight ← weight + velocity, or with Nesterov
    weight ← weight + momentum · velocity − rate · gradient.
    """

    kind = "sgd"
    learning_rate: float = learning_rate(0.01)
    momentum: float = number(0.0, low=0.0, high=MOMENTUM_MAX, share=True)
    nesterov: bool = flag(False)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class RmsProp(Optimizer):
    """RMSprop (Hinton, lecture 6e, 2012; `keras.optimizers.RMSprop` without momentum).

    mean ← rho · mean + (1 − rho) · gradient²; weight ← weight − rate · gradient / root, where root
    is √(mean + epsilon) in Keras 3 and √mean + epsilon in Keras 2.3.
    """

    kind = "rmsprop"
    learning_rate: float = learning_rate(0.001)
    rho: float = fraction(0.9)
    epsilon: float = small(1e-7)
    epsilon_inside_root: bool = flag(False)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """Adagrad (Duchi et al., 2011; `keras.optimizers.Adagrad`).

    sum ← sum + gradient²; weight ← weight − rate · gradient / root, where root is √(sum + epsilon)
    in Keras 3, whose sum starts at 0.1, and √sum + epsilon in Keras 2.3, whose sum starts at 0.
    """

    kind = "adagrad"
    learning_rate: float = learning_rate(0.01)
    initial_accumulator_value: float = number(0.0, low=0.0, high=10.0)
    epsilon: float = small(1e-7)
    epsilon_inside_root: bool = flag(False)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015, the form before section 2.1; `keras.optimizers.Adam`).

    m ← beta_1 · m + (1 − beta_1) · gradient; v ← beta_2 · v + (1 − beta_2) · gradient²;
    weight ← weight − rate · √(1 − beta_2ᵗ) / (1 − beta_1ᵗ) · m / (√v + epsilon), t from 1.
    """

    kind = "adam"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = fraction(0.9)
    beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam whose weights decay (Loshchilov and Hutter, 2019; `keras.optimizers.AdamW`).

    The rule is Adam's; only the default of `weight_decay` differs.
    """

    kind = "adamw"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = fraction(0.9)
    beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)
    weight_decay: float = weight_decay(0.004)
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Nadam(Optimizer):
    """Adam that looks ahead as Nesterov does (Dozat, 2016; `keras.optimizers.Nadam`).

    m and v as in Adam; uₜ = beta_1 · (1 − 0.5 · 0.96ᵗ), t from 1, and Uₜ the product of u₁ … uₜ;
    m̂ = uₜ₊₁ · m / (1 − Uₜ · uₜ₊₁) + (1 − uₜ) · gradient / (1 − Uₜ); v̂ = v / (1 − beta_2ᵗ);
    weight ← weight − rate · m̂ / (√v̂ + epsilon).
    """

    kind = "nadam"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = fraction(0.9)
    beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adam by the largest gradient (Kingma and Ba, 2015, section 7; `keras.optimizers.Adamax`).

    m as in Adam; u ← max(beta_2 · u, |gradient|);
    weight ← weight − rate / (1 − beta_1ᵗ) · m / (u + epsilon), t from 1.
    """

    kind = "adamax"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = fraction(0.9)
    beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Lion(Optimizer):
    """Lion (Chen et al., 2023; `keras.optimizers.Lion`): all weights move by the rate, up or down.

    weight ← weight − rate · sign(beta_1 · m + (1 − beta_1) · gradient);
    then m ← beta_2 · m + (1 − beta_2) · gradient.
    """

    kind = "lion"
    learning_rate: float = learning_rate(0.001)
    beta_1: float = number(0.9, low=0.0, high=0.999999, above=True, share=True)
    beta_2: float = fraction(0.99)
    weight_decay: float = weight_decay()
    clipnorm: float = clipnorm()


@dataclass(frozen=True)
class Muon(Optimizer):
    """Muon (Jordan, 2024; Liu et al., 2025; `keras.optimizers.Muon`), which turns matrices.

    Of a kernel that is a matrix: m ← momentum · m + gradient; X is m, or with Nesterov
    gradient + momentum · m, over its norm + 1e-7; five times (`MUON_STEPS`), A = X Xᵀ and
    X ← a · X + (b · A + c · A A) X (`MUON_A`, `MUON_B`, `MUON_C`), of a tall matrix with X turned
    round; weight ← weight − rate · rms_rate · √(the longer side) · X.

    All other weights follow Adam with the rate · adam_lr_ratio, the betas `adam_beta_1` and
    `adam_beta_2` and the decay `adam_weight_decay`.
    """

    kind = "muon"
    learning_rate: float = learning_rate(0.001)
    momentum: float = number(0.95, low=0.0, high=MOMENTUM_MAX, share=True)
    nesterov: bool = flag(True)
    rms_rate: float = number(0.2, low=0.0, high=10.0, above=True)
    adam_lr_ratio: float = number(1.0, low=0.0, high=100.0)
    adam_beta_1: float = fraction(0.9)
    adam_beta_2: float = fraction(0.999)
    epsilon: float = small(1e-7)
    adam_weight_decay: float = weight_decay(0.004)
    weight_decay: float = weight_decay(0.004)
    clipnorm: float = clipnorm()


# Of Muon's iteration towards an orthogonal matrix, as Keras has them.
MUON_STEPS = 5
MUON_A, MUON_B, MUON_C = 3.4445, -4.7750, 2.0315

OPTIMIZERS: dict[str, type[Optimizer]] = {
    cls.kind: cls for cls in (Sgd, RmsProp, Adagrad, Adam, AdamW, Nadam, Adamax, Lion, Muon)
}
KERAS_CLASSES = {  # their names in `keras.optimizers`
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adamax": "Adamax",
    "lion": "Lion",
    "muon": "Muon",
}
# Of those that Keras 2.3 does not have, both presets carry Keras 3's values.
SAME: dict[str, Optimizer] = {kind: cls() for kind, cls in OPTIMIZERS.items()}
PRESETS: dict[str, dict[str, Optimizer]] = {
    "keras-2.3": SAME,
    "keras-3": {
        **SAME,
        "rmsprop": RmsProp(epsilon_inside_root=True),
        "adagrad": Adagrad(0.001, initial_accumulator_value=0.1, epsilon_inside_root=True),
    },
}

# A momentum that rounding makes 0, times any velocity beside any step, and that Keras does not.
VANISHING = 1e-30


def with_velocity(optimizer: Optimizer) -> Optimizer:
    """The same optimizer where a momentum may come later.

    Keras keeps no velocity at a momentum of 0; at one that vanishes in single precision it does,
    and each update is to the bit what it would be without.

    >>> with_velocity(Sgd()).momentum, with_velocity(Sgd(momentum=0.9)).momentum
    (1e-30, 0.9)
    """
    if isinstance(optimizer, Sgd) and not optimizer.momentum:
        return replace(optimizer, momentum=VANISHING)
    return optimizer


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
