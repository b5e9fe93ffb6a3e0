"""`keras.callbacks.ReduceLROnPlateau` for many runs at once, inside the compiled program.

Rates are kept in double precision but always hold what single precision can, as Keras's do, down
to the numbers that a compiled program would take for 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from core.engine.device import tf
from core.experiment import Experiment
from core.schedules import Plateau

Tensor = Any

MONITORS = ("loss", "accuracy", "val_loss", "val_accuracy")
NEVER = np.iinfo(np.int32).max  # the epoch from which a run without a plateau is watched
SMALLEST = 2.0**-149  # above 0 in single precision; below 2⁻¹²⁶ all numbers are its multiples


class Watch(NamedTuple):
    """What does not change; each (lanes,), monitor (lanes, MONITORS)."""

    start: Tensor  # the epoch, from 0, after which the watch begins
    monitor: Tensor  # 1 at the figure that is watched
    sign: Tensor  # 1 where less is better, −1 where more is
    factor: Tensor
    patience: Tensor
    min_delta: Tensor
    cooldown: Tensor
    min_rate: Tensor


class Watched(NamedTuple):
    """What a watch remembers; each (lanes,)."""

    rate: Tensor
    best: Tensor  # times sign
    wait: Tensor  # epochs without improvement
    cooling: Tensor  # epochs still not counted


def watch(experiment: Experiment) -> Watch:
    """The watch of one run; one that never begins where the schedule is no plateau."""
    schedule = experiment.schedule
    if not isinstance(schedule, Plateau):
        schedule, start = Plateau(), NEVER
    else:
        start = schedule.warmup_epochs
    return Watch(
        start=np.int32(start),
        monitor=np.array([name == schedule.monitor for name in MONITORS], np.float64),
        sign=np.float64(-1 if schedule.monitor.endswith("accuracy") else 1),
        factor=np.float64(schedule.factor),
        patience=np.int32(schedule.patience),
        min_delta=np.float64(schedule.min_delta),
        cooldown=np.int32(schedule.cooldown),
        min_rate=np.float64(schedule.min_learning_rate),
    )


def unwatched(learning_rate: float) -> Watched:
    """Before the first epoch of one run."""
    rate = np.float64(np.float32(learning_rate))
    return Watched(rate, np.float64(np.inf), np.int32(0), np.int32(0))


def look(watch: Watch, before: Watched, epoch: Tensor, figures: Tensor) -> Watched:
    """At the end of an epoch, counted from 0, whose MONITORS are `figures`, (lanes, MONITORS)."""
    watching = epoch >= watch.start
    current = watch.sign * tf.reduce_sum(
        tf.where(watch.monitor > 0, tf.cast(figures, tf.float64), 0.0), 1
    )
    cooling = tf.maximum(before.cooling - 1, 0)
    improved = single(current + watch.min_delta) < before.best
    counted = tf.where(before.cooling > 0, 0, before.wait)
    wait = tf.where(improved, 0, tf.where(cooling > 0, counted, counted + 1))
    patient = tf.logical_or(improved, tf.logical_or(cooling > 0, wait < watch.patience))
    cut = tf.logical_not(tf.logical_or(patient, before.rate <= single(watch.min_rate)))
    rate = single(tf.maximum(before.rate * watch.factor, watch.min_rate))
    after = Watched(
        rate=tf.where(cut, rate, before.rate),
        best=tf.where(improved, current, before.best),
        wait=tf.where(cut, 0, wait),
        cooling=tf.where(cut, watch.cooldown, cooling),
    )
    return Watched(*(tf.where(watching, new, old) for new, old in zip(after, before, strict=True)))


def single(number: Tensor) -> Tensor:
    """The nearest single-precision number, as a double."""
    tiny = tf.round(number / SMALLEST) * SMALLEST
    normal = tf.cast(tf.cast(number, tf.float32), tf.float64)
    return tf.where(tf.abs(number) < 2.0**-126, tiny, normal)
