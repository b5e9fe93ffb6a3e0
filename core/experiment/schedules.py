"""Schedules: the learning rate as a function of the update number.

Each is evaluated for many updates at once. With `warmup_epochs` the rate first climbs in a straight
line, rate · (update + 1) / warm-up updates, and the schedule itself begins after it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.experiment.fields import Description, choice, integer, number
from core.experiment.limits import DECAY_MAX, EPOCHS_MAX, LEARNING_RATE_MAX

Rates = npt.NDArray[np.float64]
Updates = npt.NDArray[np.int64]


def warmup() -> Any:
    return integer(0, low=0, high=EPOCHS_MAX)


class Schedule(Description, ABC):
    """What every schedule shares: a warm-up, and `multipliers` for the updates behind it."""

    warmup_epochs: int

    def rates(
        self, learning_rate: float, updates: Updates, updates_per_epoch: int, epochs: int
    ) -> Rates:
        """The rate of each update, counted from 0, of a run of `epochs`; shape as `updates`.

        >>> TimeDecay(decay=0.1).rates(0.01, np.array([0, 10, 3199]), 16, 200)
        array([1.00000000e-02, 5.00000000e-03, 3.11623559e-05])
        """
        warm = self.warmup_epochs * updates_per_epoch
        after = np.maximum(updates - warm, 0)
        multiples = self.multipliers(after, updates_per_epoch, max(epochs - self.warmup_epochs, 1))
        climbing = (updates + 1) / max(warm, 1)
        return learning_rate * np.where(updates < warm, climbing, multiples)

    @abstractmethod
    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        """What the rate is multiplied by at each update after the warm-up."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The rate stays as it is."""

    kind = "constant"
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        return np.ones(updates.shape)


@dataclass(frozen=True)
class TimeDecay(Schedule):
    """The rate falls with every update: rate / (1 + decay · update).

    The `decay` argument of Keras 2 optimizers; `InverseTimeDecay(rate, 1, decay)` in Keras 3.
    """

    kind = "time_decay"
    decay: float = number(0.001, low=0.0, high=DECAY_MAX)
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        return 1 / (1 + self.decay * updates)


@dataclass(frozen=True)
class Step(Schedule):
    """The rate is multiplied by `factor` every `every_epochs` epochs."""

    kind = "step"
    factor: float = number(0.5, low=0.0, high=1.0, above=True, share=True)
    every_epochs: int = integer(50, low=1, high=EPOCHS_MAX)
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        drops = updates // updates_per_epoch // self.every_epochs
        return np.power(self.factor, drops.astype(np.float64))


@dataclass(frozen=True)
class Exponential(Schedule):
    """The rate falls smoothly to `decay_rate` of itself in each `every_epochs` epochs.

    Keras's `ExponentialDecay(rate, every_epochs · updates per epoch, decay_rate)`.
    """

    kind = "exponential"
    decay_rate: float = number(0.5, low=0.0, high=1.0, above=True, share=True)
    every_epochs: int = integer(50, low=1, high=EPOCHS_MAX)
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        multiples: Rates = self.decay_rate ** (updates / (updates_per_epoch * self.every_epochs))
        return multiples


@dataclass(frozen=True)
class Cosine(Schedule):
    """The rate follows half a cosine down to `final_fraction` of itself at the last epoch's end.

    SGDR without restarts (Loshchilov and Hutter, 2017); `CosineDecay(rate, updates, alpha)`.
    """

    kind = "cosine"
    final_fraction: float = number(0.0, low=0.0, high=1.0, share=True)
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        done = np.minimum(updates / (updates_per_epoch * epochs), 1.0)
        half_wave = 0.5 * (1 + np.cos(np.pi * done))
        multiples: Rates = (1 - self.final_fraction) * half_wave + self.final_fraction
        return multiples


@dataclass(frozen=True)
class Plateau(Schedule):
    """The rate is cut when a figure has stopped improving: `keras.callbacks.ReduceLROnPlateau`.

    After an epoch, `monitor` improves when it is better than the best so far by more than
    `min_delta`. After `patience` epochs without it the rate becomes
    max(rate · factor, min_learning_rate), and the next `cooldown` − 1 epochs are not counted: Keras
    lowers its counter before it looks at it, so that cuts come at least
    patience + max(cooldown − 1, 0) epochs apart and a cooldown of 1 does nothing. `rates` gives the
    rate as long as it has not been cut; the engines make the cuts.
    """

    kind = "plateau"
    monitor: str = choice("val_loss", "val_loss", "loss", "val_accuracy", "accuracy")
    factor: float = number(0.1, low=0.0, high=0.999, above=True, share=True)
    patience: int = integer(10, low=1, high=EPOCHS_MAX)
    min_delta: float = number(1e-4, low=0.0, high=1.0)
    cooldown: int = integer(0, low=0, high=EPOCHS_MAX)
    min_learning_rate: float = number(0.0, low=0.0, high=LEARNING_RATE_MAX)
    warmup_epochs: int = warmup()

    def multipliers(self, updates: Updates, updates_per_epoch: int, epochs: int) -> Rates:
        return np.ones(updates.shape)


SCHEDULES: dict[str, type[Schedule]] = {
    cls.kind: cls for cls in (Constant, TimeDecay, Step, Exponential, Cosine, Plateau)
}
