"""`keras.callbacks.ReduceLROnPlateau` inside the compiled program, for one run.

All numbers are kept in double precision, but a rate always holds what single precision can, as
Keras's does, down to the numbers that a compiled program would take for 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from core.engine.device import tf
from core.experiment import Experiment
from core.experiment.changes import Stage
from core.experiment.schedules import Plateau

Tensor = Any
Numbers = npt.NDArray[np.float64]

MONITORS = ("loss", "accuracy", "val_loss", "val_accuracy")
NEVER = np.inf  # the epoch from which a run is watched that has no plateau
SMALLEST = 2.0**-149  # above 0 in single precision; below NORMAL all numbers are its multiples
NORMAL = 2.0**-126


class Watch(NamedTuple):
    """What holds in one epoch."""

    start: Any  # the epoch, from 0, after which the watch begins
    monitor: Any  # which of MONITORS
    sign: Any  # 1 where less is better, −1 where more is
    factor: Any
    patience: Any
    min_delta: Any
    cooldown: Any
    min_rate: Any
    anew: Any  # 1 in the epoch in which the watch forgets what it remembers
    rate: Any  # what the rate is set to at the start of the epoch; NaN where it goes on


class Watched(NamedTuple):
    """What a watch remembers."""

    rate: Any
    best: Any  # times sign
    wait: Any  # epochs without improvement
    cooling: Any  # epochs still not counted


UNWATCHED = Watched(rate=np.nan, best=np.inf, wait=0, cooling=0)  # before the first epoch


def watches(experiment: Experiment, epochs: range) -> Numbers:
    """The fields of one run's `Watch` in some epochs, counted from 0; (epochs, fields).

    A stage whose schedule is new is watched anew; one whose rate is new goes on from that rate.
    """
    table = np.empty((len(epochs), len(Watch._fields)))
    before: Stage | None = None
    for stage in experiment.stages:  # each writes over what those before it left
        place = max(stage.first - epochs.start, 0)
        table[place:] = watch(stage)
        if stage.first in epochs:
            table[place] = first_watch(stage, before)
        before = stage
    return table


def watch(stage: Stage) -> Watch:
    """What holds in an epoch in the middle of a stage."""
    plateau = stage.schedule if isinstance(stage.schedule, Plateau) else Plateau()
    begins = stage.schedule_first + plateau.warmup_epochs
    return Watch(
        start=begins if isinstance(stage.schedule, Plateau) else NEVER,
        monitor=MONITORS.index(plateau.monitor),
        sign=-1 if plateau.monitor.endswith("accuracy") else 1,
        factor=plateau.factor,
        patience=plateau.patience,
        min_delta=plateau.min_delta,
        cooldown=plateau.cooldown,
        min_rate=plateau.min_learning_rate,
        anew=0.0,
        rate=np.nan,
    )


def first_watch(stage: Stage, before: Stage | None) -> Watch:
    """What holds in the first epoch of a stage, behind the stage `before`."""
    rate = stage.optimizer.learning_rate
    anew = before is None or before.schedule_first != stage.schedule_first
    is_set = anew or (before is not None and before.optimizer.learning_rate != rate)
    set_to = float(np.float32(rate)) if is_set else np.nan
    return watch(stage)._replace(anew=float(anew), rate=set_to)


def begin(watch: Watch, watched: Watched) -> Watched:
    """At the start of an epoch: what a change has set, is set."""
    anew = watch.anew > 0
    first = {name: tf.constant(float(value), tf.float64) for name, value in FORGOTTEN.items()}
    kept = {name: tf.where(anew, first[name], getattr(watched, name)) for name in first}
    rate = tf.where(tf.math.is_nan(watch.rate), watched.rate, watch.rate)
    return Watched(rate=rate, **kept)


FORGOTTEN = {name: getattr(UNWATCHED, name) for name in ("best", "wait", "cooling")}


def look(watch: Watch, before: Watched, epoch: Tensor, figures: Tensor) -> Watched:
    """At the end of an epoch, counted from 0, whose MONITORS are `figures`."""
    chosen = tf.gather(figures, tf.cast(watch.monitor, tf.int32))
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
    watching = is_watching(watch, epoch)
    return Watched(*(tf.where(watching, new, old) for new, old in zip(after, before, strict=True)))


def is_watching(watch: Watch, epoch: Tensor) -> Tensor:
    return tf.cast(epoch, tf.float64) >= watch.start


def single(number: Tensor) -> Tensor:
    """The nearest single-precision number, as a double."""
    tiny = tf.round(number / SMALLEST) * SMALLEST
    normal = tf.cast(tf.cast(number, tf.float32), tf.float64)
    return tf.where(tf.abs(number) < NORMAL, tiny, normal)
