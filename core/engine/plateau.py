"""`keras.callbacks.ReduceLROnPlateau` for many runs at once, inside the compiled program.

All numbers are kept in double precision, but a rate always holds what single precision can, as
Keras's does, down to the numbers that a compiled program would take for 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from core.engine.device import tf
from core.experiment import Experiment
from core.experiment.schedules import Plateau

Tensor = Any
Numbers = npt.NDArray[np.float64]

MONITORS = ("loss", "accuracy", "val_loss", "val_accuracy")
NEVER = np.inf  # the epoch from which a run is watched that has no plateau
SMALLEST = 2.0**-149  # above 0 in single precision; below NORMAL all numbers are its multiples
NORMAL = 2.0**-126


class Watch(NamedTuple):
    """What does not change; each (lanes,)."""

    start: Any  # the epoch, from 0, after which the watch begins
    monitor: Any  # which of MONITORS
    sign: Any  # 1 where less is better, −1 where more is
    factor: Any
    patience: Any
    min_delta: Any
    cooldown: Any
    min_rate: Any


class Watched(NamedTuple):
    """What a watch remembers; each (lanes,)."""

    rate: Any
    best: Any  # times sign
    wait: Any  # epochs without improvement
    cooling: Any  # epochs still not counted


def watch(experiment: Experiment) -> Numbers:
    """The fields of one run's `Watch`, which never begins where the schedule is no plateau."""
    schedule = experiment.schedule
    watched = isinstance(schedule, Plateau)
    plateau = schedule if isinstance(schedule, Plateau) else Plateau()
    return np.array(
        Watch(
            start=plateau.warmup_epochs if watched else NEVER,
            monitor=MONITORS.index(plateau.monitor),
            sign=-1 if plateau.monitor.endswith("accuracy") else 1,
            factor=plateau.factor,
            patience=plateau.patience,
            min_delta=plateau.min_delta,
            cooldown=plateau.cooldown,
            min_rate=plateau.min_learning_rate,
        ),
        np.float64,
    )


def unwatched(experiment: Experiment) -> Numbers:
    """The fields of one run's `Watched` before its first epoch."""
    rate = float(np.float32(experiment.optimizer.learning_rate))
    return np.array(Watched(rate, best=np.inf, wait=0, cooling=0), np.float64)


def look(watch: Watch, before: Watched, epoch: Tensor, figures: Tensor) -> Watched:
    """At the end of an epoch, counted from 0, whose MONITORS are `figures`, (lanes, MONITORS)."""
    chosen = tf.gather(figures, tf.cast(watch.monitor, tf.int32), batch_dims=1)
    current = watch.sign * chosen
    cooling = tf.maximum(before.cooling - 1, 0)
    improved = single(current + watch.min_delta) < before.best
    counted = tf.where(before.cooling > 0, tf.zeros_like(before.wait), before.wait)
    wait = tf.where(improved, tf.zeros_like(counted), tf.where(cooling > 0, counted, counted + 1))
    patient = improved | (cooling > 0) | (wait < watch.patience)
    cut = ~patient & (before.rate > single(watch.min_rate))
    after = Watched(
        rate=tf.where(
            cut, single(tf.maximum(before.rate * watch.factor, watch.min_rate)), before.rate
        ),
        best=tf.where(improved, current, before.best),
        wait=tf.where(cut, tf.zeros_like(wait), wait),
        cooling=tf.where(cut, watch.cooldown, cooling),
    )
    watching = tf.cast(epoch, tf.float64) >= watch.start
    return Watched(*(tf.where(watching, new, old) for new, old in zip(after, before, strict=True)))


def single(number: Tensor) -> Tensor:
    """The nearest single-precision number, as a double."""
    tiny = tf.round(number / SMALLEST) * SMALLEST
    normal = tf.cast(tf.cast(number, tf.float32), tf.float64)
    return tf.where(tf.abs(number) < NORMAL, tiny, normal)
